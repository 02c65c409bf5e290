// game_module.ts - a game as this SDK sees it: the same C as the server's and the native client's,
// as wasm, behind two interfaces, so that a session can be tested with a fake.
import type { Input, Place } from "./wire.ts";

/** What a room is made with, from Welcome. */
export interface RoomPlan {
  readonly playersMax: number;
  readonly options: readonly number[];
}

export interface GameModule {
  readonly name: string;
  /** Of the code that we predict with. */
  readonly codeHash: bigint;
  /** An empty view of a room, with the source of the game's content.  The module has one at a
   * time: a second call ends the first.  Throws a JoinError when it cannot show such a room. */
  open(plan: RoomPlan, content: Uint8Array): GameView;
}

/** What became of a snapshot message: applied, older than the newest, of a baseline that is not at
 * hand, or bytes that no server writes. */
export type Taken = "applied" | "stale" | "mismatch" | "broken";

/** Where a client begins to play: at a Welcome. */
export interface Start {
  /** Our seat, of the Welcome; SPECTATOR only looks. */
  readonly player: number;
  /** Whether our own entities are predicted: the server runs the very code that this module is. */
  readonly predicts: boolean;
  /** The next two are of the Welcome. */
  readonly tick: number;
  readonly seed: bigint;
  /** From Hello to Welcome. */
  readonly rttMs: number;
  /** Events up to this tick were told by the view before, of a seat that was resumed; else 0. */
  readonly toldTick: number;
  /** Of the Welcome: the seat is the one that we had, and its newest command that the server
   * has. */
  readonly resumed: boolean;
  readonly commandNumber: number;
  /** Messages with inputs a second at most; undefined: as they are made. */
  readonly inputRate?: number | undefined;
  /** Whether the game's predict() is watched for what it must not write. */
  readonly guards?: boolean | undefined;
}

/** A command on its way; its bytes are borrowed until the next call. */
export interface Command {
  readonly number: number;
  readonly type: number;
  readonly wantsAnswer: boolean;
  readonly bytes: Uint8Array;
}

/** What is to be sent now. */
export type Send = "nothing" | "inputs" | "ack" | "keyframeRequest" | "command";

/** What is held now. */
export interface Held {
  readonly buttons: number;
  readonly axes: readonly [number, number, number, number];
}

/** Of the line and of time, for who wants to see them. */
export interface Figures {
  readonly rttMs: number;
  readonly jitterMs: number;
  /** How far ahead of the server's time inputs are stamped. */
  readonly leadMs: number;
  /** How far in the past others are drawn. */
  readonly delayMs: number;
  /** How often drawing had to wait for a snapshot. */
  readonly underruns: number;
  /** The newest: how early our inputs came, in ticks; negative for late. */
  readonly marginTicks: number;
  /** Ticks up to the newest snapshot whose input was a repeat. */
  readonly repeated: number;
  /** Inputs that never went out. */
  readonly gaveWay: number;
  /** Snapshots whose own state was as predicted; was not, for an input was missing there; was not,
   * for others had a hand in it; was not and should have been, which is a bug. */
  readonly matched: number;
  readonly late: number;
  readonly touched: number;
  readonly diverging: number;
  /** Our inputs wait: the newest snapshot is too old to predict further. */
  readonly isHeld: boolean;
  /** Since the newest snapshot came; Infinity before the first. */
  readonly ageMs: number;
  /** Snapshots that told of an input that came late, ticks whose input was missing, so far. */
  readonly lateInputs: number;
  readonly repeatedInputs: number;
  readonly newestTick: number;
  /** How far our own entities are ahead of that; 0: nothing is predicted. */
  readonly predictedTick: number;
  /** What we predicted of events and spawns, and the server had too; had not. */
  readonly confirmed: number;
  readonly undone: number;
  /** How often the lead was set anew in one step: after a stall or a pause, and when it began. */
  readonly resyncs: number;
  /** How far drawing is off the state while a correction fades: of the row that is off most, in
   * parts of its range. */
  readonly offset: number;
}

/** What went wrong with prediction, in words for the console.  "diverged": both ends should agree
 * at that tick and do not, which is a bug; "unpredicted": the game was caught at a fault, and our
 * own entities are drawn as the server tells them. */
export interface Trouble {
  readonly what: "diverged" | "unpredicted";
  readonly words: string;
  /** Of "diverged". */
  readonly place?: Place;
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

/** How an event is told: it happened, and was not predicted; we did it, now; what we did is
 * confirmed by the server; or it is not, and what was shown is to be taken back. */
export type Told = "happened" | "predicted" | "confirmed" | "undone";

/** One event, its rows in the order of the game's table; borrowed until the next is taken. */
export interface GameEvent {
  readonly told: Told;
  readonly type: number;
  readonly tick: number;
  /** Of one that is "predicted", and of the same one "confirmed" or "undone"; else undefined. */
  readonly number: number | undefined;
  readonly values: Float64Array;
}

/** Something that our input has spawned: `slot` is what draw() names; `isBound`: the server has it
 * too; `isWithdrawn`: a correction ended it, not the course of the game. */
export type SpawnVisitor = (
  kind: number, slot: number, tick: number, isBound: boolean, isWithdrawn: boolean,
) => void;

/** A client of one room, shared/client/client_core.h: it keeps when something is due, and all that
 * is known of time; what it is fed with, and what it says is to be sent, are its caller's to bring
 * and to carry.  `nowMs` is that of performance.now(). */
export interface GameView {
  readonly layoutHash: bigint;
  readonly codeHash: bigint;
  /** Newest snapshot applied, 0 for none: what to acknowledge. */
  readonly newestTick: number;

  start(start: Start, nowMs: number): void;
  take(bytes: Uint8Array, nowMs: number): Taken;

  /** Moves the moment that is drawn on to now: its tick with the fraction; undefined before the
   * first snapshot. */
  render(nowMs: number): number | undefined;
  /** Visits each entity: others at the moment of the render() before, our own as predicted. */
  draw(nowMs: number, visit: EntityVisitor): void;
  /** The next of what happened by the render() before, and of what we predict. */
  takeEvent(): GameEvent | undefined;
  /** Visits what our input has spawned and is not settled: what has ended stays until the server's
   * word is here. */
  readSpawns(visit: SpawnVisitor): void;
  /** Fills `values` with all rows of an entity, as of the newest snapshot or, where it is
   * predicted, of now; the exact ones, which come last, are ours alone.  Returns how many, 0 when
   * it is not alive. */
  read(kind: number, slot: number, values: number[]): number;

  /** Buttons went down: the next input has them. */
  press(buttons: number): void;
  /** Makes the inputs of the ticks that have come due, and returns how many. */
  sample(held: Held, nowMs: number): number;
  /** Inputs not sent yet, of consecutive ticks, oldest first, the last of sampledTick; borrowed
   * until the next call. */
  readonly pending: readonly Input[];
  readonly sampledTick: number;
  /** When the next input is due; Infinity: never. */
  readonly nextMs: number;

  /** What is to be sent, to be asked when the socket holds nothing unsent, until "nothing". */
  next(nowMs: number): Send;
  /** When that has something by itself: an ack; Infinity: never. */
  readonly dueMs: number;
  sent(what: Send, nowMs: number): void;

  /** Adds a command, which goes out as `next` says and, after a drop, again until the server has
   * it.  Returns its number; 0 when as many wait as may.  What waits is the module's: it outlasts
   * this view. */
  command(type: number, bytes: Uint8Array, wantsAnswer: boolean): number;
  /** What "command" is of. */
  readonly nextCommand: Command | undefined;
  /** An answer came.  Returns whether it is new: after a Welcome some come again. */
  takeAnswer(number: number): boolean;
  /** Number of the newest. */
  readonly answered: number;

  figures(nowMs: number): Figures;
  /** What entered the core in the last 30 s, as a file that skirmish-feel replays; undefined where
   * nothing is predicted. */
  blackBox(): Uint8Array<ArrayBuffer> | undefined;
  /** What went wrong since the call before. */
  takeTrouble(): Trouble | undefined;
}
