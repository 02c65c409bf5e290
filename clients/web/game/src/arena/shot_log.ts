// shot_log.ts - the last rail shot of ours: what was drawn when it was fired, and how the server
// judged it, which it tells a while later.  All in tiles.
import type { Scene } from "./scene";

const WAITING_MAX = 8; // shots under way: nobody fires rails as fast

/** Why the moment at which a shot was judged is not the one that was seen. */
export type Limit = "none" | "old" | "wide" | "ahead" | "behind";

export interface Verdict {
  /** Who was hit, or whom it came nearest to; -1: nobody was near. */
  readonly target: number;
  /** By how much it went past; 0 and below: a hit. */
  readonly missed: number;
  /** How far the target was put back, to where it was seen. */
  readonly moved: number;
  readonly limit: Limit;
  /** How old the moment was at which it was judged; 0: the present. */
  readonly ageTicks: number;
}

export interface Drawn {
  readonly player: number;
  readonly x: number;
  readonly y: number;
}

export interface RailShot {
  readonly x: number;
  readonly y: number;
  readonly toX: number;
  readonly toY: number;
  /** Everybody else, as drawn in the frame in which it was fired. */
  readonly drawn: readonly Drawn[];
  verdict?: Verdict;
}

type Beam = Omit<RailShot, "drawn" | "verdict">;

export class ShotLog {
  private readonly waiting: RailShot[] = []; // oldest first
  private newest: RailShot | undefined;

  /** The newest that was judged, or else the newest. */
  get last(): RailShot | undefined {
    return this.newest ?? this.waiting.at(-1);
  }

  fired({ x, y, toX, toY }: Beam, scene: Scene): void {
    const drawn: Drawn[] = [];
    for (let i = 0; i < scene.players.count; i++) {
      const { player, alive, x, y } = scene.players.get(i);
      if (alive && player !== scene.me) drawn.push({ player, x, y });
    }
    this.waiting.push({ x, y, toX, toY, drawn });
    if (this.waiting.length > WAITING_MAX) this.waiting.shift();
  }

  /** The newest was predicted, and the server knows of none. */
  undone(): void {
    this.waiting.pop();
  }

  judged(verdict: Verdict): void {
    const shot = this.waiting.shift();
    if (shot) this.newest = { ...shot, verdict };
  }
}

/** How far the middle of somebody who was drawn was from the beam. */
export function distanceTo({ x, y, toX, toY }: Beam, drawn: Drawn): number {
  const [alongX, alongY] = [toX - x, toY - y];
  const squared = alongX * alongX + alongY * alongY;
  const along = squared === 0 ? 0 : ((drawn.x - x) * alongX + (drawn.y - y) * alongY) / squared;
  const at = Math.max(0, Math.min(1, along));
  return Math.hypot(drawn.x - x - alongX * at, drawn.y - y - alongY * at);
}
