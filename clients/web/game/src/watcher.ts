// watcher.ts - whom the camera follows:
//
//   alive         oneself
//   dead          who did it, until one is back; next() goes on to others
//   a spectator   the best living player, or who next() chose; moving looks about freely
import type { Scene } from "./arena/scene";
import { ranked } from "./arena/standing";
import type { Intent } from "./input/intent";

const NOBODY = -1;
const FREE_SPEED = 16; // tiles a second
const MOVED = 0.2; // of the stick, to look about

/** What the camera may look at. */
export interface Ground {
  readonly width: number;
  readonly height: number;
}

export class Watcher {
  /** Who is followed; -1 while looking about, and for nobody. */
  target = NOBODY;
  /** Where a spectator looks who looks about. */
  x = 0;
  y = 0;
  isFree = false;
  private killer = NOBODY;
  private wasAlive = false;

  /** Who got oneself, -1 for nobody; told before one is seen dead, or after. */
  killedBy(player: number): void {
    this.killer = player;
    if (!this.wasAlive) this.target = player;
  }

  /** `direction` 1 or -1: to the next living player by number. */
  next(scene: Scene, direction: number): void {
    const players = living(scene).sort((a, b) => a - b);
    const at = players.indexOf(this.target);
    const from = at < 0 && direction < 0 ? 0 : at;
    this.isFree = false;
    this.target = players[(from + direction + players.length) % players.length] ?? NOBODY;
  }

  frame(scene: Scene, intent: Intent, seconds: number, ground: Ground | undefined): void {
    const own = scene.find(scene.me);
    if (scene.me < 0) this.spectate(scene, intent, seconds, ground);
    else if (own) this.followOwn(scene, own.alive);
  }

  private followOwn(scene: Scene, alive: boolean): void {
    if (alive && !this.wasAlive) this.killer = NOBODY;
    if (!alive && this.wasAlive) this.target = this.killer;
    this.wasAlive = alive;
    this.isFree = false;
    if (alive || !scene.find(this.target)) this.target = scene.me;
  }

  private spectate(
    scene: Scene, intent: Intent, seconds: number, ground: Ground | undefined,
  ): void {
    const { moveX, moveY } = intent;
    if (Math.hypot(moveX, moveY) > MOVED) this.lookAbout(scene);
    if (this.isFree) {
      const step = FREE_SPEED * seconds;
      this.x = clamp(this.x + moveX * step, ground?.width ?? 0);
      this.y = clamp(this.y + moveY * step, ground?.height ?? 0);
      return;
    }
    if (!scene.find(this.target)) this.target = living(scene)[0] ?? NOBODY;
  }

  private lookAbout(scene: Scene): void {
    const seen = scene.find(this.target);
    if (seen) [this.x, this.y] = [seen.x, seen.y];
    this.target = NOBODY;
    this.isFree = true;
  }
}

/** The living, the best first. */
function living(scene: Scene): number[] {
  return ranked(scene).filter(({ alive }) => alive).map(({ player }) => player);
}

function clamp(value: number, max: number): number {
  return Math.max(0, Math.min(max, value));
}
