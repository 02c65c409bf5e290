// game_module.ts - a game as this SDK sees it: the same C as the server's, as wasm, behind two
// small interfaces, so that a session can be tested with a fake.
import type { Input } from "./wire.ts";

/** What a room is made with, from Welcome. */
export interface RoomPlan {
  readonly playersMax: number;
  readonly options: readonly number[];
}

export interface GameModule {
  readonly name: string;
  /** An empty view of a room, with the source of the game's content.  The module has one at a
   * time: a second call ends the first.  Throws a JoinError when it cannot show such a room. */
  open(plan: RoomPlan, content: Uint8Array): GameView;
}

/** What became of a snapshot message: applied, older than the newest, of a baseline that is not at
 * hand, or bytes that no server writes. */
export type Taken = "applied" | "stale" | "mismatch" | "broken";

/** The own part of the newest snapshot. */
export interface OwnPart {
  readonly inputTick: number;
  /** Smallest margin of our inputs since the snapshot before, in ticks. */
  readonly marginTicks: number;
  readonly repeated: number;
}

/** A moment between two snapshots: the newer one's tick, 0 for none, and 1/256 of the way. */
export interface ViewMoment {
  tick: number;
  fraction: number;
}

/** An entity as drawn now.  From values[first] on are its quantised rows, in the order of the
 * game's table; borrowed during the call. */
export type EntityVisitor = (
  kind: number,
  slot: number,
  owner: number,
  values: Float64Array,
  first: number,
) => void;

/** One event, its rows in the order of the game's table; borrowed until the next is taken. */
export interface GameEvent {
  readonly type: number;
  readonly tick: number;
  readonly values: Float64Array;
}

/** sim/view.h of one room. */
export interface GameView {
  readonly layoutHash: bigint;
  /** Newest snapshot applied, 0 for none: what to acknowledge. */
  readonly newestTick: number;
  readonly ownPart: OwnPart;
  take(bytes: Uint8Array): Taken;
  draw(tick: number, visit: EntityVisitor): void;
  between(tick: number, moment: ViewMoment): void;
  takeEvent(tick: number): GameEvent | undefined;
  /** Fills `values` with all rows of an entity as of the newest snapshot; the exact ones, which
   * come last, are ours alone.  Returns how many, 0 when it is not alive. */
  read(kind: number, slot: number, values: number[]): number;
}

/** The place of local prediction: what a session tells of each input that it makes and of each
 * snapshot that it applies.  `view` then holds the own entities exactly, as of its newestTick. */
export interface Predictor {
  input(tick: number, input: Input): void;
  applied(view: GameView): void;
}
