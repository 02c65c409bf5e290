// particles.ts - sparks, smoke and debris: a fixed number of them, the oldest give way.
import type { Sprites } from "./sprites";
import { type Painter, type Surface, drawCentred } from "./surface";

const COUNT = 384;
const SIZES = [0.4, 0.7, 1] as const; // of the full size, oldest first: shrinking without scaling

interface Particle {
  sprites: readonly Surface[];
  x: number;
  y: number;
  speedX: number;
  speedY: number;
  age: number; // seconds
  life: number;
  drag: number;
}

export interface Burst {
  readonly color: string;
  readonly count: number;
  readonly speed: number; // tiles a second
  readonly life: number; // seconds
  readonly size: number; // tiles
  /** Around this direction, by so much to each side. */
  readonly turn?: number;
  readonly spread?: number;
}

export class Particles {
  private readonly all: Particle[] = Array.from({ length: COUNT }, () => ({
    sprites: [], x: 0, y: 0, speedX: 0, speedY: 0, age: 1, life: 0, drag: 0,
  }));
  private next = 0;

  burst(sprites: Sprites, x: number, y: number, burst: Burst): void {
    const surfaces = SIZES.map((share) => sprites.glow(burst.color, burst.size * share));
    for (let i = 0; i < burst.count; i++) {
      const particle = this.all[this.next]!;
      this.next = (this.next + 1) % COUNT;
      const turn = (burst.turn ?? 0) + (Math.random() * 2 - 1) * (burst.spread ?? Math.PI);
      const speed = burst.speed * (0.25 + 0.75 * Math.random());
      particle.sprites = surfaces;
      particle.x = x;
      particle.y = y;
      particle.speedX = Math.cos(turn) * speed;
      particle.speedY = Math.sin(turn) * speed;
      particle.age = 0;
      particle.life = burst.life * (0.5 + 0.5 * Math.random());
      particle.drag = 3.5;
    }
  }

  step(seconds: number): void {
    for (const particle of this.all) {
      if (particle.age >= particle.life) continue;
      const keep = Math.exp(-particle.drag * seconds);
      particle.age += seconds;
      particle.x += particle.speedX * seconds;
      particle.y += particle.speedY * seconds;
      particle.speedX *= keep;
      particle.speedY *= keep;
    }
  }

  draw(p: Painter, scale: number, left: number, top: number): void {
    for (const particle of this.all) {
      if (particle.age >= particle.life) continue;
      const share = 1 - particle.age / particle.life;
      const size = Math.min(SIZES.length - 1, Math.floor(share * SIZES.length));
      p.globalAlpha = share;
      drawCentred(p, particle.sprites[size]!, particle.x * scale - left, particle.y * scale - top);
    }
    p.globalAlpha = 1;
  }
}
