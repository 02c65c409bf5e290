// playing.ts - what one connection knows while it plays: the view of the room, which tick inputs
// are for, and which moment is drawn.
import { RenderClock } from "./render_clock.ts";
import type {
  EntityVisitor, GameEvent, GameView, Predictor, Taken, ViewMoment,
} from "./game_module.ts";
import { type Controller, InputLine } from "./input_line.ts";
import { LeadClock } from "./lead.ts";
import type { Link } from "./link.ts";
import { type Encoder, SPECTATOR, type Welcome } from "./wire.ts";

const ACK_MS = 100; // who sends no inputs acks at 10 Hz
const KEYFRAME_MS = 500; // between two requests

export class Playing {
  readonly view: GameView;
  readonly renderClock: RenderClock;
  heardMs: number;

  private readonly link: Link;
  private readonly encoder: Encoder;
  private readonly tickMs: number;
  private readonly lead: LeadClock;
  private readonly line: InputLine | undefined; // a spectator has none
  private readonly moment: ViewMoment = { tick: 0, fraction: 0 };
  private renderTick: number | undefined;
  private sentMs: number;
  private askedMs = -Infinity;

  constructor(
    welcome: Welcome, view: GameView, link: Link, encoder: Encoder, nowMs: number, helloMs: number,
  ) {
    const tickMs = 1000 / welcome.tickHz;
    this.view = view;
    this.link = link;
    this.encoder = encoder;
    this.tickMs = tickMs;
    this.renderClock = new RenderClock(tickMs, welcome.snapshotDivisor);
    this.lead = new LeadClock(tickMs, welcome.tick, nowMs, nowMs - helloMs);
    const firstTick = Math.floor(this.lead.tickAt(nowMs));
    this.line = welcome.player === SPECTATOR ? undefined : new InputLine(firstTick);
    this.heardMs = nowMs;
    this.sentMs = nowMs;
  }

  take(bytes: Uint8Array, nowMs: number): Taken {
    const taken = this.view.take(bytes);
    this.heardMs = nowMs;
    if (taken === "mismatch" || taken === "broken") this.askKeyframe(nowMs);
    if (taken === "applied") {
      const { inputTick, marginTicks } = this.view.ownPart;
      this.renderClock.arrived(this.view.newestTick, nowMs);
      this.lead.report(inputTick, marginTicks, nowMs);
    }
    this.ackWhenIdle(nowMs); // here too: a hidden page's timers run once a second
    return taken;
  }

  /** Makes the inputs that are due and sends them when nothing else waits in the socket; else the
   * next message carries them. */
  pump(nowMs: number, controller: Controller, predictor: Predictor | undefined): void {
    const { line } = this;
    if (line) {
      this.takeInputs(line, nowMs, controller, predictor);
      this.sendInputs(line, nowMs);
    }
    this.ackWhenIdle(nowMs);
  }

  untilNextTickMs(nowMs: number): number {
    const tick = this.lead.tickAt(nowMs);
    return Math.ceil((Math.floor(tick) + 1 - tick) * this.tickMs);
  }

  frame(nowMs: number, passed: (event: GameEvent) => void): void {
    this.renderTick = this.renderClock.tickAt(nowMs);
    if (this.renderTick === undefined) return;
    this.view.between(this.renderTick, this.moment);
    let event: GameEvent | undefined;
    while ((event = this.view.takeEvent(Math.floor(this.renderTick)))) passed(event);
  }

  draw(visit: EntityVisitor): void {
    if (this.renderTick !== undefined) this.view.draw(this.renderTick, visit);
  }

  private takeInputs(
    line: InputLine, nowMs: number, controller: Controller, predictor: Predictor | undefined,
  ): void {
    const before = line.tick;
    const { tick, fraction } = this.moment;
    line.take(Math.floor(this.lead.tickAt(nowMs)), controller, tick, fraction);
    if (!predictor) return;
    const { unsent } = line;
    for (let i = Math.max(0, unsent.length - (line.tick - before)); i < unsent.length; i++) {
      predictor.input(line.tick - (unsent.length - 1 - i), unsent[i]!);
    }
  }

  private sendInputs(line: InputLine, nowMs: number): void {
    if (line.unsent.length === 0 || !this.link.free) return;
    this.link.send(this.encoder.inputs(this.view.newestTick, line.tick, line.unsent));
    line.sent();
    this.sentMs = nowMs;
  }

  private ackWhenIdle(nowMs: number): void {
    if (nowMs - this.sentMs < ACK_MS || !this.link.free) return;
    this.link.send(this.encoder.ack(this.view.newestTick));
    this.sentMs = nowMs;
  }

  private askKeyframe(nowMs: number): void {
    if (nowMs - this.askedMs < KEYFRAME_MS) return;
    this.link.send(this.encoder.keyframeRequest(this.view.newestTick));
    this.askedMs = nowMs;
    this.sentMs = nowMs;
  }
}
