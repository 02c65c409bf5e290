// particles.ts - sparks, smoke and debris: a fixed number of them, the oldest give way.
import type { Sprites } from "./sprites";
import type { Painter, Surface } from "./surface";

const COUNT = 384;

interface Particle {
  sprite: Surface | undefined;
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
    sprite: undefined, x: 0, y: 0, speedX: 0, speedY: 0, age: 1, life: 0, drag: 0,
  }));
  private next = 0;

  burst(sprites: Sprites, x: number, y: number, burst: Burst): void {
    const sprite = sprites.glow(burst.color, burst.size);
    for (let i = 0; i < burst.count; i++) {
      const particle = this.all[this.next]!;
      this.next = (this.next + 1) % COUNT;
      const turn = (burst.turn ?? 0) + (Math.random() * 2 - 1) * (burst.spread ?? Math.PI);
      const speed = burst.speed * (0.25 + 0.75 * Math.random());
      particle.sprite = sprite;
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
      if (particle.age >= particle.life || !particle.sprite) continue;
      const share = 1 - particle.age / particle.life;
      const size = particle.sprite.width * (0.3 + 0.7 * share);
      p.globalAlpha = share;
      p.drawImage(
        particle.sprite, particle.x * scale - left - size / 2, particle.y * scale - top - size / 2,
        size, size,
      );
    }
    p.globalAlpha = 1;
  }
}
