// wasm_game.ts - a game's module (shared/wasm/*.c) behind GameModule.
//
// An instance is one view of one room and owns one memory.  A call may make that memory grow, which
// makes every view of its buffer stale: Memory makes them anew when the buffer is another.
import type {
  Command, EntityVisitor, Figures, GameEvent, GameModule, GameView, Held, RoomPlan, Send,
  SpawnVisitor, Start, Taken, Told, Trouble,
} from "./game_module.ts";
import { isBusy } from "./join.ts";
import { JoinError } from "./reason.ts";
import { INPUTS_A_MESSAGE_MAX, type Input } from "./wire.ts";

const RESULT_OK = 0; // base/result.h
const RESULT_AGAIN = -10;
const RESULT_MISMATCH = -11;
const MESSAGE_BYTES_MAX = 65536;
const OPTIONS = 8;
const HEAD = 4; // numbers before an entity's or an event's values
const BOX_PARTS = 4; // SK_BOX_PARTS of client/client_box.h
const INPUT_BYTES = 20; // struct sk_input: buttons, four axes, view
const AXES_AT = 4;
const VIEW_TICK_AT = 12;
const VIEW_FRACTION_AT = 16;
const VIEW_INTERVAL_AT = 17;
const US = 1000; // of a millisecond
// enum sk_core_send
const sends: readonly Send[] = ["nothing", "inputs", "ack", "keyframeRequest", "command"];
const COMMAND_BYTES_MAX = 256; // base/limits.h
const COMMAND_TYPE_AT = 4; // struct sk_client_command: number, type, size, wants answer, bytes
const COMMAND_SIZE_AT = 6;
const COMMAND_WISH_AT = 8;
const COMMAND_BYTES_AT = 10;
const TROUBLE_DIVERGING = 1;
const TROUBLE_FAULT = 2;
const tolds: readonly Told[] = ["happened", "predicted", "confirmed", "undone"]; // from 1 on
const SPAWN_NUMBERS = 5; // of sk_wasm_core_spawns()
const FIGURES = 22;

/** So many numbers. */
type Tuple<Count extends number, Numbers extends number[] = []> = Numbers["length"] extends Count
  ? Numbers
  : Tuple<Count, [...Numbers, number]>;

interface Exports {
  readonly memory: WebAssembly.Memory;
  sk_wasm_content_room(bytes: number): number;
  sk_wasm_content_load(bytes: number): number;
  sk_wasm_options(): number;
  sk_wasm_open(playersMax: number, hasOptions: number): number;
  sk_wasm_layout_hash(): bigint;
  sk_wasm_code_hash(): bigint;
  sk_wasm_resume(tick: number): void;
  sk_wasm_message(): number;
  sk_wasm_newest_tick(): number;
  sk_wasm_numbers(): number;
  sk_wasm_core_take_event(): number;
  sk_wasm_core_event_number(): number;
  sk_wasm_core_spawns(): number;
  sk_wasm_read(kind: number, slot: number): number;
  sk_wasm_input(): number;
  sk_wasm_core_start(
    player: number, predicts: number, tick: number, seed: bigint, rttUs: number, nowUs: number,
    inputRateHz: number,
  ): number;
  sk_wasm_core_draw(nowUs: number): number;
  sk_wasm_core_take(bytes: number, nowUs: number): number;
  sk_wasm_core_render(nowUs: number): number;
  sk_wasm_core_press(buttons: number): void;
  sk_wasm_core_sample(nowUs: number): number;
  sk_wasm_core_next_us(): number;
  sk_wasm_core_next(nowUs: number): number;
  sk_wasm_core_due_us(): number;
  sk_wasm_core_sent(what: number, nowUs: number): void;
  sk_wasm_core_pending(): number;
  sk_wasm_core_pending_count(): number;
  sk_wasm_core_sampled_tick(): number;
  sk_wasm_commands_welcome(number: number, isResumed: number): void;
  sk_wasm_command(type: number, bytes: number, wantsAnswer: number): number;
  sk_wasm_command_next(): number;
  sk_wasm_command_answer(number: number): number;
  sk_wasm_commands_answered(): number;
  sk_wasm_core_figures(nowUs: number): number;
  sk_wasm_core_box_part(index: number): number;
  sk_wasm_core_box_bytes(): number;
  sk_wasm_core_trouble(): number;
  sk_wasm_core_guard(): void;
  sk_wasm_core_unpredict(): void;
}

/** Fetches and compiles the module of game `name`.  Rejects with a JoinError when it cannot be
 * had. */
export async function loadWasmGame(name: string, url: string | URL): Promise<GameModule> {
  const words = "the game's code could not be loaded";
  const response = await fetch(url).catch(() => Promise.reject(new JoinError("peer_gone", words)));
  if (isBusy(response)) throw new JoinError("server_busy", words);
  if (!response.ok) throw new JoinError("internal", words);
  const bytes = await response.arrayBuffer();
  return instantiate(name, bytes).catch((error: unknown) => {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    throw new JoinError("internal", "the game's code is damaged");
  });
}

/** The same from its bytes. */
export async function instantiate(name: string, bytes: BufferSource): Promise<GameModule> {
  let exports: Exports | undefined;
  const imports = {
    env: {
      assert_failed(file: number, line: number, what: number): never {
        const [place, words] = [cString(exports!.memory, file), cString(exports!.memory, what)];
        throw new Error(`${name}: ${place}:${line}: ${words}`);
      },
    },
  };
  const { instance } = await WebAssembly.instantiate(bytes, imports);
  exports = instance.exports as unknown as Exports;
  return new WasmGame(name, exports);
}

function cString(memory: WebAssembly.Memory, at: number): string {
  const bytes = new Uint8Array(memory.buffer, at);
  return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
}

/** Views of a memory that are made anew when it has grown. */
class Memory {
  private buffer: ArrayBuffer | undefined;
  private byteView: Uint8Array = new Uint8Array();
  private numberView: Float64Array = new Float64Array();
  private dataView = new DataView(new ArrayBuffer(0));

  constructor(private readonly memory: WebAssembly.Memory) {}

  get bytes(): Uint8Array {
    this.renew();
    return this.byteView;
  }

  get numbers(): Float64Array {
    this.renew();
    return this.numberView;
  }

  get data(): DataView {
    this.renew();
    return this.dataView;
  }

  text(at: number): string {
    return cString(this.memory, at);
  }

  words(at: number, count: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, count);
  }

  private renew(): void {
    const { buffer } = this.memory;
    if (buffer === this.buffer) return;
    this.buffer = buffer;
    this.byteView = new Uint8Array(buffer);
    this.numberView = new Float64Array(buffer);
    this.dataView = new DataView(buffer);
  }
}

class WasmGame implements GameModule {
  readonly codeHash: bigint;
  private readonly memory: Memory;
  private hasContent = false;

  constructor(readonly name: string, private readonly exports: Exports) {
    this.memory = new Memory(exports.memory);
    this.codeHash = BigInt.asUintN(64, exports.sk_wasm_code_hash());
  }

  open({ playersMax, options }: RoomPlan, content: Uint8Array): GameView {
    if (!this.hasContent && content.length > 0) this.load(content);
    const words = this.memory.words(this.exports.sk_wasm_options(), OPTIONS);
    for (let i = 0; i < OPTIONS; i++) words[i] = options[i] ?? 0;
    if (this.exports.sk_wasm_open(playersMax, 1) !== RESULT_OK) throw new JoinError("layout");
    return new WasmView(this.exports, this.memory);
  }

  private load(content: Uint8Array): void {
    const at = this.exports.sk_wasm_content_room(content.length);
    if (at === 0) throw new JoinError("internal", "the game's map does not fit");
    this.memory.bytes.set(content, at);
    if (this.exports.sk_wasm_content_load(content.length) < RESULT_OK) {
      throw new JoinError("layout", "the game's map is not one that this page can read");
    }
    this.hasContent = true;
  }
}

function emptyInput(): Input {
  return { buttons: 0, axes: [0, 0, 0, 0], viewTick: 0, viewFraction: 0, viewInterval: 0 };
}

class WasmView implements GameView {
  readonly layoutHash: bigint;
  readonly codeHash: bigint;
  private readonly inputs = Array.from({ length: INPUTS_A_MESSAGE_MAX }, emptyInput);
  private readonly event: { -readonly [Name in keyof GameEvent]: GameEvent[Name] } = {
    told: "happened", type: 0, tick: 0, number: undefined, values: new Float64Array(),
  };
  private readonly numbersAt: number; // index, not bytes
  private isPredicting = false;
  private fault: string | undefined;

  constructor(private readonly exports: Exports, private readonly memory: Memory) {
    this.layoutHash = BigInt.asUintN(64, exports.sk_wasm_layout_hash());
    this.codeHash = BigInt.asUintN(64, exports.sk_wasm_code_hash());
    this.numbersAt = exports.sk_wasm_numbers() / Float64Array.BYTES_PER_ELEMENT;
  }

  get newestTick(): number {
    return this.exports.sk_wasm_newest_tick() >>> 0;
  }

  start(start: Start, nowMs: number): void {
    const { player, predicts, tick, rttMs, toldTick, resumed, commandNumber } = start;
    if (toldTick > 0) this.exports.sk_wasm_resume(toldTick);
    this.isPredicting = predicts;
    const seed = BigInt.asIntN(64, start.seed);
    const times = [rttMs * US, nowMs * US] as const;
    const { exports } = this;
    exports.sk_wasm_commands_welcome(commandNumber, resumed ? 1 : 0);
    const rate = start.inputRate ?? 0;
    exports.sk_wasm_core_start(player, predicts ? 1 : 0, tick, seed, ...times, rate);
    if (start.guards) exports.sk_wasm_core_guard();
  }

  take(bytes: Uint8Array, nowMs: number): Taken {
    if (bytes.length > MESSAGE_BYTES_MAX) return "broken";
    this.memory.bytes.set(bytes, this.exports.sk_wasm_message());
    const take = () => this.exports.sk_wasm_core_take(bytes.length, nowMs * US);
    switch (this.predicting(take, RESULT_OK)) { // prediction comes last: all else is done
      case RESULT_OK:
        return "applied";
      case RESULT_AGAIN:
        return "stale";
      case RESULT_MISMATCH:
        return "mismatch";
      default:
        return "broken";
    }
  }

  render(nowMs: number): number | undefined {
    const tick = this.exports.sk_wasm_core_render(nowMs * US);
    return tick < 0 ? undefined : tick;
  }

  draw(nowMs: number, visit: EntityVisitor): void {
    const count = this.exports.sk_wasm_core_draw(nowMs * US);
    const { numbers } = this.memory;
    const end = this.numbersAt + count;
    for (let at = this.numbersAt; at < end; ) {
      const values = at + HEAD;
      visit(numbers[at]!, numbers[at + 1]!, numbers[at + 2]!, numbers, values);
      at = values + numbers[at + 3]!;
    }
  }

  takeEvent(): GameEvent | undefined {
    const told = tolds[this.exports.sk_wasm_core_take_event() - 1]; // enum sk_event_told
    if (!told) return undefined;
    const { numbers } = this.memory;
    const first = this.numbersAt + HEAD;
    this.event.told = told;
    this.event.type = numbers[this.numbersAt]!;
    this.event.tick = numbers[this.numbersAt + 1]!;
    const isOwn = told !== "happened";
    this.event.number = isOwn ? this.exports.sk_wasm_core_event_number() : undefined;
    this.event.values = numbers.subarray(first, first + numbers[first - 1]!);
    return this.event;
  }

  readSpawns(visit: SpawnVisitor): void {
    const end = this.numbersAt + this.exports.sk_wasm_core_spawns();
    const { numbers } = this.memory;
    for (let at = this.numbersAt; at < end; at += SPAWN_NUMBERS) {
      const [isBound, isWithdrawn] = [numbers[at + 3] !== 0, numbers[at + 4] !== 0];
      visit(numbers[at]!, numbers[at + 1]!, numbers[at + 2]!, isBound, isWithdrawn);
    }
  }

  read(kind: number, slot: number, values: number[]): number {
    const count = this.exports.sk_wasm_read(kind, slot);
    const { numbers } = this.memory;
    for (let i = 0; i < count; i++) values[i] = numbers[this.numbersAt + i]!;
    return count;
  }

  press(buttons: number): void {
    this.exports.sk_wasm_core_press(buttons);
  }

  sample({ buttons, axes }: Held, nowMs: number): number {
    const at = this.exports.sk_wasm_input();
    const { data } = this.memory;
    data.setUint32(at, buttons, true);
    axes.forEach((axis, i) => data.setInt16(at + AXES_AT + 2 * i, axis, true));
    return this.predicting(() => this.exports.sk_wasm_core_sample(nowMs * US), 0);
  }

  get pending(): readonly Input[] {
    const count = this.exports.sk_wasm_core_pending_count();
    const first = this.exports.sk_wasm_core_pending();
    for (let i = 0; i < count; i++) this.readInput(this.inputs[i]!, first + i * INPUT_BYTES);
    return this.inputs.slice(0, count);
  }

  get sampledTick(): number {
    return this.exports.sk_wasm_core_sampled_tick() >>> 0;
  }

  get nextMs(): number {
    return this.exports.sk_wasm_core_next_us() / US;
  }

  next(nowMs: number): Send {
    return sends[this.exports.sk_wasm_core_next(nowMs * US)]!;
  }

  get dueMs(): number {
    return this.exports.sk_wasm_core_due_us() / US;
  }

  blackBox(): Uint8Array<ArrayBuffer> | undefined {
    const parts: Uint8Array[] = [];
    for (let i = 0; i < BOX_PARTS; i++) {
      const at = this.exports.sk_wasm_core_box_part(i);
      parts.push(this.memory.bytes.slice(at, at + this.exports.sk_wasm_core_box_bytes()));
    }
    const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => (file.set(part, at), at + part.length), 0);
    return file.length > 0 ? file : undefined;
  }

  sent(what: Send, nowMs: number): void {
    this.exports.sk_wasm_core_sent(sends.indexOf(what), nowMs * US);
  }

  command(type: number, bytes: Uint8Array, wantsAnswer: boolean): number {
    if (bytes.length > COMMAND_BYTES_MAX) return 0;
    this.memory.bytes.set(bytes, this.exports.sk_wasm_message());
    return this.exports.sk_wasm_command(type, bytes.length, wantsAnswer ? 1 : 0) >>> 0;
  }

  get nextCommand(): Command | undefined {
    const at = this.exports.sk_wasm_command_next();
    if (at === 0) return undefined;
    const { bytes, data } = this.memory;
    const first = at + COMMAND_BYTES_AT;
    return {
      number: data.getUint32(at, true),
      type: data.getUint16(at + COMMAND_TYPE_AT, true),
      wantsAnswer: data.getUint8(at + COMMAND_WISH_AT) !== 0,
      bytes: bytes.subarray(first, first + data.getUint16(at + COMMAND_SIZE_AT, true)),
    };
  }

  takeAnswer(number: number): boolean {
    return this.exports.sk_wasm_command_answer(number) !== 0;
  }

  get answered(): number {
    return this.exports.sk_wasm_commands_answered() >>> 0;
  }

  figures(nowMs: number): Figures {
    const at = this.exports.sk_wasm_core_figures(nowMs * US) / Float64Array.BYTES_PER_ELEMENT;
    const [
      rttUs, jitterUs, leadUs, delayUs, underruns, marginTicks, repeated, gaveWay, matched, late,
      touched, diverging, held, ageUs, lateInputs, repeatedInputs, newestTick, predictedTick,
      confirmed, undone, resyncs, offset,
    ] = this.memory.numbers.subarray(at, at + FIGURES) as unknown as Tuple<typeof FIGURES>;
    return {
      rttMs: rttUs / US, jitterMs: jitterUs / US, leadMs: leadUs / US, delayMs: delayUs / US,
      underruns, marginTicks, repeated, gaveWay, matched, late, touched, diverging,
      isHeld: held !== 0, ageMs: ageUs < 0 ? Infinity : ageUs / US, lateInputs, repeatedInputs,
      newestTick, predictedTick, confirmed, undone, resyncs, offset,
    };
  }

  takeTrouble(): Trouble | undefined {
    if (this.fault) {
      const words = this.fault;
      this.fault = undefined;
      return { what: "unpredicted", words };
    }
    const trouble = this.exports.sk_wasm_core_trouble();
    const { numbers } = this.memory;
    const at = (index: number) => numbers[this.numbersAt + index]!;
    const name = (index: number) => (at(index) === 0 ? "?" : this.memory.text(at(index)));
    if (trouble === TROUBLE_DIVERGING) {
      const place = `${name(6)} ${at(2)}, ${name(7)}, tick ${at(0)}`;
      const words = `${place}: predicted ${at(4)}, the server has ${at(5)}`;
      return {
        what: "diverged", words, place: { tick: at(0), kind: at(1), slot: at(2), row: at(3) },
      };
    }
    if (trouble !== TROUBLE_FAULT) return undefined;
    const words = `${name(1)}: ${name(3)} ${at(2)}, ${name(4)}, tick ${at(0)}`;
    return { what: "unpredicted", words };
  }

  /** A game that fails an assertion while it predicts is played on without. */
  private predicting(call: () => number, otherwise: number): number {
    try {
      return call();
    } catch (error) {
      if (!this.isPredicting || !(error instanceof Error)) throw error;
      this.isPredicting = false;
      this.fault = error.message;
      this.exports.sk_wasm_core_unpredict();
      return otherwise;
    }
  }

  private readInput(input: Input, at: number): void {
    const { data } = this.memory;
    input.buttons = data.getUint32(at, true);
    for (let i = 0; i < input.axes.length; i++) {
      input.axes[i] = data.getInt16(at + AXES_AT + 2 * i, true);
    }
    input.viewTick = data.getUint32(at + VIEW_TICK_AT, true);
    input.viewFraction = data.getUint8(at + VIEW_FRACTION_AT);
    input.viewInterval = data.getUint8(at + VIEW_INTERVAL_AT);
  }
}
