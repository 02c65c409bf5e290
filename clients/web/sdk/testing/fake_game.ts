// fake_game.ts - a game whose snapshots are five bytes, so that a test can write them by hand:
//   1 | u32 tick
// and whose core is as simple as can be: inputs are due at 60 a second and LEAD_TICKS ahead of the
// Welcome, what is drawn is DELAY_MS old.  What the real one does is tested where it is made.
import type {
  Command, EntityVisitor, Figures, GameEvent, GameModule, GameView, Held, Send, SpawnVisitor,
  Start, Taken, Trouble,
} from "../src/game_module.ts";
import { type Input, SPECTATOR } from "../src/wire.ts";

export const TICK_MS = 1000 / 60;
const LEAD_TICKS = 5;
const DELAY_MS = 75;
const ACK_MS = 100;
const KEYFRAME_MS = 500;
const INPUTS_MAX = 16;

export function snapshotBytes(tick: number): Uint8Array {
  const bytes = new Uint8Array(5);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint32(1, tick);
  return bytes;
}

/** What a build of that game would write of it. */
export const tables = {
  name: "fake",
  kinds: [
    {
      name: "thing",
      fields: [{ name: "x", unit: "step" }, { name: "score", unit: "star" }],
      own: [{ name: "ammo", unit: "round" }],
    },
    { name: "clock", fields: [{ name: "left", unit: "second" }], own: [] },
  ],
  events: [{ name: "bang", fields: [{ name: "player", unit: "player" }] }],
  commands: [{ name: "colour", bytesMax: 2 }],
  constants: { button_fire: 1, button_dash: 2 },
} as const;

/** An entity: its rows, exact ones last. */
export interface FakeEntity {
  readonly kind: number;
  readonly slot: number;
  readonly owner: number;
  readonly rows: readonly number[];
}

export interface FakeSpawn {
  readonly kind: number;
  readonly slot: number;
  readonly tick: number;
  readonly isBound: boolean;
  readonly isWithdrawn: boolean;
}

export class FakeView implements GameView {
  readonly layoutHash = 42n;
  readonly codeHash = 43n;
  newestTick = 0;
  /** What the next take() answers in place of reading. */
  answer: Taken | undefined;
  readonly events: GameEvent[] = [];
  readonly troubles: Trouble[] = [];
  entities: FakeEntity[] = [{ kind: 0, slot: 0, owner: 0, rows: [0, 0, 0] }];
  spawns: FakeSpawn[] = [];
  predictedTick = 0;
  isHeld = false;
  started: Start | undefined;
  pending: Input[] = [];
  sampledTick = 0;
  nextCommand: Command | undefined;
  answered = 0;
  private readonly commands: Command[];
  private startMs = 0;
  private arrivedMs = 0;
  private sentMs = 0;
  private askedMs = -Infinity;
  private asks = false;
  private pressed = 0;
  private renderTick: number | undefined;

  constructor(commands: Command[] = []) {
    this.commands = commands;
  }

  command(type: number, bytes: Uint8Array, wantsAnswer: boolean): number {
    const number = 1 + (this.commands.at(-1)?.number ?? 0);
    this.commands.push({ number, type, wantsAnswer, bytes: bytes.slice() });
    this.nextCommand ??= this.commands.at(-1);
    return number;
  }

  takeAnswer(number: number): boolean {
    const isNew = number > this.answered;
    this.answered = Math.max(number, this.answered);
    return isNew;
  }

  start(start: Start, nowMs: number): void {
    this.nextCommand = this.commands.find(({ number }) => number > start.commandNumber);
    this.started = start;
    this.startMs = nowMs;
    this.sentMs = nowMs;
    this.sampledTick = start.tick + LEAD_TICKS;
  }

  take(bytes: Uint8Array, nowMs: number): Taken {
    if (this.answer === "mismatch") this.asks = true;
    if (this.answer) return this.answer;
    if (bytes.length !== 5) return "broken";
    const tick = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
    if (tick <= this.newestTick) return "stale";
    this.newestTick = tick;
    this.arrivedMs = nowMs;
    return "applied";
  }

  render(nowMs: number): number | undefined {
    const late = nowMs - this.arrivedMs - DELAY_MS;
    const tick = Math.max(0, this.newestTick + late / TICK_MS);
    this.renderTick = this.newestTick === 0 ? undefined : tick;
    return this.renderTick;
  }

  private get isPlayer(): boolean {
    return this.started!.player !== SPECTATOR;
  }

  draw(_nowMs: number, visit: EntityVisitor): void {
    for (const { kind, slot, owner, rows } of this.entities) {
      visit(kind, slot, owner, Float64Array.from(rows), 0);
    }
  }

  takeEvent(): GameEvent | undefined {
    const isDue = this.events[0] && this.events[0].tick <= (this.renderTick ?? -1);
    return isDue ? this.events.shift() : undefined;
  }

  readSpawns(visit: SpawnVisitor): void {
    for (const { kind, slot, tick, isBound, isWithdrawn } of this.spawns) {
      visit(kind, slot, tick, isBound, isWithdrawn);
    }
  }

  read(kind: number, slot: number, values: number[]): number {
    const entity = this.entities.find((one) => one.kind === kind && one.slot === slot);
    entity?.rows.forEach((row, i) => (values[i] = row));
    return entity?.rows.length ?? 0;
  }

  press(buttons: number): void {
    this.pressed |= buttons;
  }

  sample({ buttons, axes }: Held, nowMs: number): number {
    const due = Math.floor((nowMs - this.startMs) / TICK_MS) + this.started!.tick + LEAD_TICKS;
    const count = this.isPlayer ? Math.max(0, due - this.sampledTick) : 0;
    for (let i = 0; i < count; i++) {
      const all = (buttons | this.pressed) >>> 0;
      const view = { viewTick: 0, viewFraction: 0, viewInterval: 0 };
      this.pending.push({ buttons: all, axes: [...axes], ...view });
      this.pressed = 0;
    }
    this.pending = this.pending.slice(-INPUTS_MAX);
    this.sampledTick += count;
    return count;
  }

  get nextMs(): number {
    if (!this.isPlayer) return Infinity;
    return this.startMs + (this.sampledTick + 1 - this.started!.tick - LEAD_TICKS) * TICK_MS;
  }

  next(nowMs: number): Send {
    if (this.asks && nowMs - this.askedMs >= KEYFRAME_MS) return "keyframeRequest";
    if (this.pending.length > 0) return "inputs";
    if (this.nextCommand) return "command";
    return nowMs >= this.dueMs ? "ack" : "nothing";
  }

  get dueMs(): number {
    return this.newestTick > 0 ? this.sentMs + ACK_MS : Infinity;
  }

  sent(what: Send, nowMs: number): void {
    this.sentMs = nowMs;
    if (what === "keyframeRequest") this.askedMs = nowMs;
    if (what === "inputs") this.pending = [];
    if (what === "command") {
      this.nextCommand = this.commands.find(({ number }) => number > this.nextCommand!.number);
    }
  }

  takeTrouble(): Trouble | undefined {
    return this.troubles.shift();
  }

  blackBox(): undefined {
    return undefined;
  }

  figures(): Figures {
    return {
      rttMs: 0, jitterMs: 0, leadMs: LEAD_TICKS * TICK_MS, delayMs: DELAY_MS, underruns: 0,
      marginTicks: 0, repeated: 0, gaveWay: 0, matched: 0, late: 0, touched: 0, diverging: 0,
      isHeld: this.isHeld, ageMs: Infinity, lateInputs: 0, repeatedInputs: 0,
      newestTick: this.newestTick, predictedTick: this.predictedTick,
      confirmed: 0, undone: 0, resyncs: 0, offset: 0,
    };
  }
}

export class FakeGame implements GameModule {
  readonly name = "fake";
  readonly codeHash = 43n;
  readonly views: FakeView[] = [];
  private readonly commands: Command[] = [];

  open(): FakeView {
    const view = new FakeView(this.commands);
    this.views.push(view);
    return view;
  }
}
