// effects.ts - what a happening looks like for a moment: beams, muzzle flashes, hit flashes,
// numbers.  All live in small rings that are made once.
import type { Happening } from "../arena/scene";
import type { Camera } from "./camera";
import type { Colours } from "./colours";
import { palette } from "./palette";
import type { Particles } from "./particles";
import type { Sprites } from "./sprites";
import { type Painter, drawCentred, drawTurned } from "./surface";

const BEAMS = 24;
const BEAM_SECONDS = 0.28;
const TRAIL = { color: "#8fb4ff", count: 1, speed: 0.4, life: 0.35, size: 0.4 } as const;
const FLASH_SECONDS = 0.12;
const MUZZLE_SECONDS = 0.06;
const RINGS = 16;
const RING_SECONDS = 0.45;
const PLAYERS = 64;

interface Line {
  x: number;
  y: number;
  toX: number;
  toY: number;
  left: number; // seconds
}

interface Ring {
  x: number;
  y: number;
  size: number;
  color: string;
  left: number;
}

export class Effects {
  private readonly beams: Line[] = Array.from({ length: BEAMS }, () => ({
    x: 0, y: 0, toX: 0, toY: 0, left: 0,
  }));
  private readonly rings: Ring[] = Array.from({ length: RINGS }, () => ({
    x: 0, y: 0, size: 0, color: palette.text, left: 0,
  }));
  private readonly flashes = new Float32Array(PLAYERS);
  private readonly muzzles = new Float32Array(PLAYERS);
  private nextBeam = 0;
  private nextRing = 0;

  constructor(private readonly particles: Particles) {}

  /** 0..1: how white a player who was just hit is. */
  flashOf(player: number): number {
    return Math.max(0, (this.flashes[player] ?? 0) / FLASH_SECONDS);
  }

  hasMuzzle(player: number): boolean {
    return (this.muzzles[player] ?? 0) > 0;
  }

  show(what: Happening, colours: Colours, sprites: Sprites, camera: Camera): void {
    const { me } = colours;
    switch (what.type) {
      case "fired":
        this.muzzles[what.player] = MUZZLE_SECONDS;
        if (what.player === me) camera.shake(0.025);
        return;
      case "beam":
        return this.beam(what, me, sprites, camera);
      case "impact":
        return this.sparks(sprites, what.x, what.y, palette.bolt, 6);
      case "hit":
        this.flashes[what.player] = FLASH_SECONDS;
        this.sparks(sprites, what.x, what.y, colours.of(what.player), 9);
        if (what.player === me) camera.shake(0.14);
        return;
      case "killed":
        return this.wreck(sprites, what.x, what.y, colours.of(what.player), camera);
      case "spawned":
        this.ring(what.x, what.y, 1.3, colours.of(what.player));
        if (what.player === me) camera.cut();
        return;
      case "picked":
        return this.ring(what.x, what.y, 1, palette.good);
      case "marked":
      case "started":
      case "ended":
      case "result":
        return;
    }
  }

  /** Behind a player who dashes. */
  trail(sprites: Sprites, x: number, y: number): void {
    this.particles.burst(sprites, x, y, TRAIL);
  }

  step(seconds: number): void {
    for (const beam of this.beams) beam.left -= seconds;
    for (const ring of this.rings) ring.left -= seconds;
    for (let i = 0; i < PLAYERS; i++) {
      this.flashes[i]! -= seconds;
      this.muzzles[i]! -= seconds;
    }
  }

  draw(p: Painter, sprites: Sprites, scale: number, left: number, top: number): void {
    for (const beam of this.beams) if (beam.left > 0) drawBeam(p, beam, sprites, scale, left, top);
    for (const ring of this.rings) if (ring.left > 0) drawRing(p, ring, scale, left, top);
    p.globalAlpha = 1;
  }

  private beam(
    what: Extract<Happening, { type: "beam" }>, me: number, sprites: Sprites, camera: Camera,
  ): void {
    const beam = this.beams[this.nextBeam++ % BEAMS]!;
    Object.assign(beam, { x: what.x, y: what.y, toX: what.toX, toY: what.toY, left: BEAM_SECONDS });
    this.sparks(sprites, what.toX, what.toY, palette.beam, 7);
    this.muzzles[what.player] = MUZZLE_SECONDS;
    if (what.player === me) camera.shake(0.07);
  }

  private sparks(sprites: Sprites, x: number, y: number, color: string, count: number): void {
    this.particles.burst(sprites, x, y, { color, count, speed: 6, life: 0.4, size: 0.14 });
  }

  private wreck(sprites: Sprites, x: number, y: number, color: string, camera: Camera): void {
    const bursts = [
      { color: "#fff3d6", count: 10, speed: 5, life: 0.35, size: 0.3 },
      { color, count: 26, speed: 9, life: 0.8, size: 0.17 },
      { color: "#ff8a4a", count: 12, speed: 4, life: 0.6, size: 0.34 },
    ];
    for (const burst of bursts) this.particles.burst(sprites, x, y, burst);
    this.ring(x, y, 2.1, color);
    camera.shake(Math.hypot(camera.x - x, camera.y - y) < 9 ? 0.12 : 0);
  }

  private ring(x: number, y: number, size: number, color: string): void {
    const ring = this.rings[this.nextRing++ % RINGS]!;
    Object.assign(ring, { x, y, size, color, left: RING_SECONDS });
  }
}

function drawBeam(
  p: Painter, beam: Line, sprites: Sprites, scale: number, left: number, top: number,
): void {
  const share = beam.left / BEAM_SECONDS;
  const [x, y] = [beam.x * scale - left, beam.y * scale - top];
  const [toX, toY] = [beam.toX * scale - left, beam.toY * scale - top];
  p.lineCap = "round";
  p.beginPath();
  p.moveTo(x, y);
  p.lineTo(toX, toY);
  p.globalAlpha = share * 0.35;
  p.strokeStyle = palette.beam;
  p.lineWidth = scale * 0.26 * share;
  p.stroke();
  p.globalAlpha = share;
  p.strokeStyle = "#eafcff";
  p.lineWidth = scale * 0.07 * share;
  p.stroke();
  drawCentred(p, sprites.glow(palette.beam, 0.5), toX, toY);
}

function drawRing(p: Painter, ring: Ring, scale: number, left: number, top: number): void {
  const share = ring.left / RING_SECONDS;
  p.globalAlpha = share;
  p.strokeStyle = ring.color;
  p.lineWidth = Math.max(1, scale * 0.12 * share);
  p.beginPath();
  p.arc(ring.x * scale - left, ring.y * scale - top, ring.size * scale * (1 - share * share), 0, 7);
  p.stroke();
}

export function drawMuzzle(
  p: Painter, sprites: Sprites, x: number, y: number, turn: number, reach: number,
): void {
  drawTurned(p, sprites.muzzle(), x + Math.cos(turn) * reach, y + Math.sin(turn) * reach, turn);
}
