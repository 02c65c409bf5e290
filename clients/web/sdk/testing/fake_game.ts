// fake_game.ts - a game whose snapshots are eleven bytes, so that a test can write them by hand:
//   1 | u32 tick | u32 input tick | i16 margin in 1/16 tick
import type {
  EntityVisitor, GameEvent, GameModule, GameView, OwnPart, Taken, ViewMoment,
} from "../src/game_module.ts";

export function snapshotBytes(tick: number, inputTick: number, marginTicks: number): Uint8Array {
  const bytes = new Uint8Array(11);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint32(1, tick);
  view.setUint32(5, inputTick);
  view.setInt16(9, marginTicks * 16);
  return bytes;
}

export class FakeView implements GameView {
  readonly layoutHash = 42n;
  newestTick = 0;
  ownPart: OwnPart = { inputTick: 0, marginTicks: 0, repeated: 0 };
  /** What the next take() answers in place of reading. */
  answer: Taken | undefined;
  readonly events: GameEvent[] = [];

  take(bytes: Uint8Array): Taken {
    if (this.answer) return this.answer;
    if (bytes.length !== 11) return "broken";
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const tick = view.getUint32(1);
    if (tick <= this.newestTick) return "stale";
    this.newestTick = tick;
    const marginTicks = view.getInt16(9) / 16;
    this.ownPart = { inputTick: view.getUint32(5), marginTicks, repeated: 0 };
    return "applied";
  }

  draw(tick: number, visit: EntityVisitor): void {
    visit(0, 0, 0, Float64Array.of(tick), 0);
  }

  between(tick: number, moment: ViewMoment): void {
    moment.tick = Math.ceil(tick);
    moment.fraction = 128;
  }

  read(): number {
    return 0;
  }

  takeEvent(tick: number): GameEvent | undefined {
    return this.events[0] && this.events[0].tick <= tick ? this.events.shift() : undefined;
  }
}

export class FakeGame implements GameModule {
  readonly name = "fake";
  readonly views: FakeView[] = [];

  open(): FakeView {
    const view = new FakeView();
    this.views.push(view);
    return view;
  }
}
