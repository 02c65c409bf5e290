// camera.ts - which part of the map is on the screen: it follows its target softly, leans towards
// the aim, stays on the map and shakes a little.
import { wantsLessMotion } from "../mode";

const TILES_ACROSS = 27; // of a screen as wide as 16:9
const TILES_DOWN = 15;
const TILES_UPRIGHT = 22; // down a phone held upright, or it would show seven across
const FOLLOW_PER_SECOND = 9;
const LEAN = 1.6; // tiles
const SHAKE_FADE_PER_SECOND = 7;
const KICK_FADE_PER_SECOND = 16;

/** How many tiles beyond the map's edges the screen may show. */
export interface Beyond {
  readonly side: number;
  readonly top: number;
  readonly bottom: number;
}

/** What the camera follows: a place and, of a figure, where it aims. */
export interface Eye {
  readonly x: number;
  readonly y: number;
  readonly aim?: number;
}

export class Camera {
  x = 0; // the middle of the screen, tiles
  y = 0;
  width = 1; // pixels
  height = 1;
  scale = 48; // pixels a tile
  private shakeTiles = 0;
  private kickX = 0; // tiles
  private kickY = 0;
  private settled = false;

  resize(width: number, height: number): void {
    this.width = width;
    this.height = height;
    const down = height > width ? TILES_UPRIGHT : TILES_DOWN;
    this.scale = Math.max(20, Math.round(Math.max(width / TILES_ACROSS, height / down)));
  }

  shake(tiles: number): void {
    if (!wantsLessMotion()) this.shakeTiles = Math.min(0.35, this.shakeTiles + tiles);
  }

  /** A shot throws the view back, against where it went. */
  kick(turn: number, tiles: number): void {
    if (wantsLessMotion()) return;
    this.kickX = -Math.cos(turn) * tiles;
    this.kickY = -Math.sin(turn) * tiles;
  }

  /** The next follow() jumps to its target. */
  cut(): void {
    this.settled = false;
  }

  follow({ x, y, aim }: Eye, seconds: number): void {
    const lean = aim === undefined ? 0 : LEAN;
    const [goalX, goalY] = [x + Math.cos(aim ?? 0) * lean, y + Math.sin(aim ?? 0) * lean];
    const share = this.settled ? 1 - Math.exp(-FOLLOW_PER_SECOND * seconds) : 1;
    this.x += (goalX - this.x) * share;
    this.y += (goalY - this.y) * share;
    this.shakeTiles *= Math.exp(-SHAKE_FADE_PER_SECOND * seconds);
    this.kickX *= Math.exp(-KICK_FADE_PER_SECOND * seconds);
    this.kickY *= Math.exp(-KICK_FADE_PER_SECOND * seconds);
    this.settled = true;
  }

  /** Keeps the screen on a map of that size, with so many tiles beyond its edges: nobody should
   * stand under what lies over the screen. */
  clamp(mapWidth: number, mapHeight: number, { side, top, bottom }: Beyond): void {
    this.x = clampAxis(this.x, this.width / this.scale, -side, mapWidth + side);
    this.y = clampAxis(this.y, this.height / this.scale, -top, mapHeight + bottom);
  }

  /** Pixels of the map left of and above the screen. */
  get left(): number {
    return Math.round((this.x + this.kickX + this.jolt()) * this.scale - this.width / 2);
  }

  get top(): number {
    return Math.round((this.y + this.kickY + this.jolt()) * this.scale - this.height / 2);
  }

  private jolt(): number {
    return this.shakeTiles > 0.01 ? (Math.random() * 2 - 1) * this.shakeTiles : 0;
  }
}

function clampAxis(middle: number, span: number, from: number, to: number): number {
  if (span >= to - from) return (from + to) / 2;
  return Math.max(from + span / 2, Math.min(to - span / 2, middle));
}
