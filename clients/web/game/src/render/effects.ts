// effects.ts - what a happening looks like for a moment: beams, muzzle flashes, hit flashes,
// numbers.  All live in small rings that are made once.
import { constants } from "../../generated/arena";
import type { Happening } from "../arena/scene";
import type { Camera } from "./camera";
import type { Colours } from "./colours";
import { palette } from "./palette";
import type { Particles } from "./particles";
import type { Sprites } from "./sprites";
import { type Painter, type Surface, drawCentred, drawTurned } from "./surface";

const BEAMS = 24;
const BEAM_SECONDS = 0.28;
const TRAIL = { color: "#8fb4ff", count: 1, speed: 0.4, life: 0.35, size: 0.4 } as const;
const BEAM_SPARKS = 9;
const FLASH_SECONDS = 0.12;
const HURT_SECONDS = 0.9;
const HURTS = 6;
const HURT_RADIUS = 1.5; // tiles around oneself
const HURT_SPREAD = 0.42; // radians to each side

/** How a weapon feels: in tiles how far it throws the gun and the view back, in seconds how long
 * its flash lasts and until the gun is where it was. */
const feels = {
  [constants.weapon_blaster]: { recoil: 0.09, kick: 0.05, flash: 0.06, back: 0.1 },
  [constants.weapon_rail]: { recoil: 0.26, kick: 0.3, flash: 0.13, back: 0.38 },
};
const BLASTER = feels[constants.weapon_blaster]!;
const RAIL = feels[constants.weapon_rail]!;
type Feel = typeof BLASTER;
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

/** Somebody who hurt us, and from where. */
interface Hurt {
  x: number;
  y: number;
  left: number;
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
  private readonly recoils = new Float32Array(PLAYERS); // tiles, and how fast they go
  private readonly recoilSpeeds = new Float32Array(PLAYERS);
  private readonly hurts: Hurt[] = Array.from({ length: HURTS }, () => ({ x: 0, y: 0, left: 0 }));
  private nextHurt = 0;
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

  /** In tiles, how far the last shot has thrown a player's gun back. */
  recoilOf(player: number): number {
    return Math.max(0, this.recoils[player] ?? 0);
  }

  show(what: Happening, colours: Colours, sprites: Sprites, camera: Camera): void {
    const { me } = colours;
    switch (what.type) {
      case "fired":
        return this.fire(BLASTER, what.player, what.turn, me, camera);
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
      case "hurt":
        Object.assign(this.hurts[this.nextHurt++ % HURTS]!, what, { left: HURT_SECONDS });
        return;
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
    for (const hurt of this.hurts) hurt.left -= seconds;
    for (let i = 0; i < PLAYERS; i++) {
      this.flashes[i]! -= seconds;
      this.muzzles[i]! -= seconds;
      this.recoils[i]! -= this.recoilSpeeds[i]! * seconds;
    }
  }

  draw(p: Painter, sprites: Sprites, scale: number, left: number, top: number): void {
    for (const beam of this.beams) if (beam.left > 0) drawBeam(p, beam, sprites, scale, left, top);
    for (const ring of this.rings) if (ring.left > 0) drawRing(p, ring, scale, left, top);
    p.globalAlpha = 1;
  }

  /** Around oneself, at (x, y) in pixels: a wedge towards each who has just hurt us. */
  drawHurts(p: Painter, me: { x: number; y: number }, x: number, y: number, scale: number): void {
    for (const hurt of this.hurts) {
      if (hurt.left <= 0) continue;
      p.globalAlpha = Math.min(1, (2 * hurt.left) / HURT_SECONDS);
      drawWedge(p, x, y, Math.atan2(hurt.y - me.y, hurt.x - me.x), scale);
    }
    p.globalAlpha = 1;
  }

  private beam(
    what: Extract<Happening, { type: "beam" }>, me: number, sprites: Sprites, camera: Camera,
  ): void {
    const beam = this.beams[this.nextBeam++ % BEAMS]!;
    Object.assign(beam, { x: what.x, y: what.y, toX: what.toX, toY: what.toY, left: BEAM_SECONDS });
    this.sparks(sprites, what.toX, what.toY, palette.beam, 7);
    const [wide, high] = [what.toX - what.x, what.toY - what.y];
    for (let i = 1; i < BEAM_SPARKS; i++) {
      const share = i / BEAM_SPARKS;
      this.sparks(sprites, what.x + wide * share, what.y + high * share, palette.beam, 2);
    }
    this.ring(what.x, what.y, 0.9, palette.beam);
    this.fire(RAIL, what.player, Math.atan2(high, wide), me, camera);
  }

  private fire(feel: Feel, player: number, turn: number, me: number, camera: Camera): void {
    this.muzzles[player] = feel.flash;
    this.recoils[player] = feel.recoil;
    this.recoilSpeeds[player] = feel.recoil / feel.back;
    if (player === me) camera.kick(turn, feel.kick);
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

/** An arc with a point: where it points is told by its shape too. */
function drawWedge(p: Painter, x: number, y: number, turn: number, scale: number): void {
  const [inner, outer] = [HURT_RADIUS * scale, (HURT_RADIUS + 0.2) * scale];
  const tip = (HURT_RADIUS + 0.55) * scale;
  p.beginPath();
  p.arc(x, y, inner, turn - HURT_SPREAD, turn + HURT_SPREAD);
  p.arc(x, y, outer, turn + HURT_SPREAD, turn + 0.1, true);
  p.lineTo(x + Math.cos(turn) * tip, y + Math.sin(turn) * tip);
  p.arc(x, y, outer, turn - 0.1, turn - HURT_SPREAD, true);
  p.closePath();
  p.fillStyle = palette.bad;
  p.fill();
  p.lineWidth = Math.max(1, scale * 0.03);
  p.strokeStyle = "#ffffff";
  p.stroke();
}

export function drawMuzzle(
  p: Painter, flash: Surface, x: number, y: number, turn: number, reach: number,
): void {
  drawTurned(p, flash, x + Math.cos(turn) * reach, y + Math.sin(turn) * reach, turn);
}
