// playing.ts - one connection while it plays.  When something is due, and all of time, is the
// core's (GameView); here are the socket, the page's frames and timers, and what silence means.
//
//   frame   render, sample the controller, flush       a timer samples only while no frame comes
//   timer   flush; hidden pages send acks alone        (FRAMELESS_MS)
//   message take, flush: a hidden page's timers run once a second
//
// Silence counts only while this program runs: a page that slept hears first what waits in its
// socket.
import type { Controller } from "./controller.ts";
import type { EntityVisitor, GameEvent, GameView, Send, Taken } from "./game_module.ts";
import type { Link } from "./link.ts";
import type { Encoder, Welcome } from "./wire.ts";

const SILENCE_MS_MAX = 5000; // a server that plays sends 20 times a second
const ASLEEP_MS = 2000; // without any sign of life; a hidden page's timers run once a second
const FRAMELESS_MS = 250;
const BUSY_MS = 16; // until a look whether the socket has become free
const TIMER_MS_MAX = 250;

export interface PlayingConfig {
  readonly welcome: Welcome;
  readonly view: GameView;
  readonly link: Link;
  readonly encoder: Encoder;
  readonly controller: Controller;
  /** When Hello went out. */
  readonly helloMs: number;
  /** See Start. */
  readonly toldTick: number;
  readonly inputRate?: number | undefined;
  readonly guards?: boolean | undefined;
}

export class Playing {
  readonly view: GameView;
  /** Whether the server runs the code that we predict with. */
  readonly predicts: boolean;
  private readonly link: Link;
  private readonly encoder: Encoder;
  private readonly controller: Controller;
  private rendered: number | undefined;
  private told: number;
  private heardMs: number;
  private activeMs: number; // the newest sign of life of our own program
  private framedMs = -Infinity;

  constructor(config: PlayingConfig, nowMs: number) {
    const { welcome, view, link, encoder, controller, helloMs } = config;
    const { toldTick, inputRate, guards } = config;
    this.view = view;
    this.link = link;
    this.encoder = encoder;
    this.controller = controller;
    this.told = toldTick;
    this.heardMs = nowMs;
    this.activeMs = nowMs;
    controller.takePressed(); // for a match that one was not connected to
    const { player, tick, seed, codeHash, resumed, commandNumber } = welcome;
    const predicts = codeHash === view.codeHash; // another code would be wrong at each snapshot
    this.predicts = predicts;
    const rttMs = nowMs - helloMs;
    const told = { toldTick, resumed, commandNumber };
    view.start({ player, predicts, tick, seed, rttMs, ...told, inputRate, guards }, nowMs);
  }

  /** The moment that others are drawn at; undefined before the first snapshot. */
  get renderTick(): number | undefined {
    return this.rendered;
  }

  /** Events up to this tick were told. */
  get toldTick(): number {
    return this.told;
  }

  /** Since when nothing was heard, as far as anybody listened. */
  silentMs(nowMs: number): number {
    return this.slept(nowMs) ? 0 : nowMs - this.heardMs;
  }

  take(bytes: Uint8Array, nowMs: number): Taken {
    this.wake(nowMs);
    this.heardMs = nowMs;
    const taken = this.view.take(bytes, nowMs);
    this.flush(nowMs);
    return taken;
  }

  frame(nowMs: number, isHidden: boolean, passed: (event: GameEvent) => void): void {
    this.wake(nowMs);
    this.framedMs = nowMs;
    this.rendered = this.view.render(nowMs);
    if (!isHidden) this.sample(nowMs);
    this.flush(nowMs);
    if (this.rendered === undefined) return;
    this.told = Math.max(this.told, Math.floor(this.rendered));
    let event: GameEvent | undefined;
    while ((event = this.view.takeEvent())) passed(event);
  }

  /** Sends what is due now, a command that was just added too. */
  send(nowMs: number): void {
    this.flush(nowMs);
  }

  draw(visit: EntityVisitor): void {
    if (this.rendered !== undefined) this.view.draw(this.framedMs, visit);
  }

  /** What a frame does not see to.  Returns in how many milliseconds to call again; undefined when
   * the server has fallen silent. */
  tick(nowMs: number, isHidden: boolean): number | undefined {
    this.wake(nowMs);
    if (this.silentMs(nowMs) > SILENCE_MS_MAX) return undefined;
    const samples = !isHidden && nowMs - this.framedMs >= FRAMELESS_MS;
    if (samples) this.sample(nowMs);
    this.flush(nowMs);
    const nextMs = samples ? this.view.nextMs : this.framedMs + FRAMELESS_MS;
    const waitMs = Math.ceil(Math.min(this.view.dueMs, isHidden ? Infinity : nextMs) - nowMs);
    return Math.max(this.link.free ? 1 : BUSY_MS, Math.min(waitMs, TIMER_MS_MAX));
  }

  private slept(nowMs: number): boolean {
    return nowMs - this.activeMs > ASLEEP_MS;
  }

  private wake(nowMs: number): void {
    if (this.slept(nowMs)) this.heardMs = nowMs;
    this.activeMs = nowMs;
  }

  private sample(nowMs: number): void {
    this.view.press(this.controller.takePressed());
    this.view.sample(this.controller, nowMs);
  }

  /** A client queues nothing: while the socket holds unsent bytes, inputs wait in the core. */
  private flush(nowMs: number): void {
    while (this.link.free) {
      const what = this.view.next(nowMs);
      const message = this.encode(what);
      if (!message) return;
      this.link.send(message);
      this.view.sent(what, nowMs);
    }
  }

  private encode(what: Send): Uint8Array | undefined {
    const { newestTick, answered } = this.view;
    switch (what) {
      case "nothing":
        return undefined;
      case "inputs":
        return this.encoder.inputs(
          newestTick, this.view.sampledTick, this.view.pending, answered,
        );
      case "ack":
        return this.encoder.ack(newestTick, answered);
      case "keyframeRequest":
        return this.encoder.keyframeRequest(newestTick);
      case "command":
        return this.encoder.command(this.view.nextCommand!, answered);
    }
  }
}
