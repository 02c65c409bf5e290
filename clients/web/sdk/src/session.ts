// session.ts - a seat in a room, kept over dropped connections (SESSION.md).
//
//            Welcome             connection lost                 a final reason, leave(),
//   joining ---------> playing -----------------> reconnecting   or the seat's time is up
//      |                  ^    <----- Welcome -----------+ ----------------------> closed
//      +--- refused ------|------------------------------------------------------> closed
//
// A connection's own state (view and clocks) lives in a Playing, made anew by each Welcome; until
// then the one before still draws what was seen last.  The session holds what outlives it: seat,
// roster, controller, listeners.
import { directAttempts } from "../generated/retry.ts";
import { Controller } from "./controller.ts";
import { Emitter } from "./emitter.ts";
import type {
  EntityVisitor, Figures, GameEvent, GameModule, GameView, SpawnVisitor, Told, Trouble,
} from "./game_module.ts";
import { rejoin } from "./join.ts";
import { Link, type OpenSocket } from "./link.ts";
import { Playing } from "./playing.ts";
import { Requests } from "./requests.ts";
import { Retry } from "./retry.ts";
import { JoinError, type Reason, reasonOf } from "./reason.ts";
import { Traffic, type TrafficFigures } from "./traffic.ts";
import type { GameTables } from "./tables.ts";
import {
  type Answer, Encoder, type Notice, type Probed, SPECTATOR, type Seat, type ServerMessage,
  WIRE_VERSION,
  type Welcome, decode, isSnapshot,
} from "./wire.ts";

const WELCOME_MS_MAX = 5000; // from opening a connection to Welcome
const REQUEST_MS = 5000;
const PROBE_MS = 1000;
const REPORT_MS = 10000; // a server passes over what comes sooner

export type SessionState = "joining" | "playing" | "reconnecting" | "closed";

export interface Reconnecting {
  readonly reason: Reason;
  readonly attempt: number;
  /** Until the next try. */
  readonly retryMs: number;
  /** Until the seat is given up. */
  readonly seatMs: number;
}

export interface SessionEvents {
  welcome: Welcome;
  roster: readonly Seat[];
  snapshot: number;
  /** To be shown: it happened, or we did it and the server has not said so yet. */
  event: GameEvent;
  /** What we did and showed: the server says so too; it does not. */
  confirmed: GameEvent;
  undone: GameEvent;
  /** Prediction went wrong. */
  trouble: Trouble;
  notice: Notice;
  /** A command() was refused, and why in words. */
  refused: string;
  reconnecting: Reconnecting;
  closed: Reason;
}

export interface SessionConfig {
  readonly base: URL;
  readonly game: GameModule;
  readonly tables: GameTables;
  readonly content: Uint8Array;
  readonly openSocket: OpenSocket;
  /** See Start for these two. */
  readonly inputRate?: number | undefined;
  readonly guards?: boolean | undefined;
}

/** Whether nobody can see the page; where there is none, nobody hides it. */
function isHidden(): boolean {
  return globalThis.document?.visibilityState === "hidden";
}

function nameOf(told: Told): "event" | "confirmed" | "undone" {
  return told === "confirmed" || told === "undone" ? told : "event";
}

export class Session extends Emitter<SessionEvents> {
  /** What is held and pressed, read in frame(), or by a timer while no frame comes. */
  readonly controller = new Controller();
  /** The source of the game's content: its map. */
  readonly content: Uint8Array;
  readonly tables: GameTables;

  private readonly config: SessionConfig;
  private readonly encoder = new Encoder();
  private readonly counted = new Traffic();
  private readonly seats = new Map<number, Seat>();
  private readonly requests = new Requests();
  private probing: Promise<Probed | undefined> | undefined;
  private probedMs = 0;
  private reportedMs = -Infinity;
  private newestTrouble: Trouble | undefined;
  private hasFault = false;
  private settleProbe: (probed: Probed | undefined) => void = () => {};
  private phase: SessionState = "joining";
  private link: Link | undefined;
  private playing: Playing | undefined;
  private lastWelcome: Welcome | undefined;
  private resume = "";
  private wsUrl = "";
  private readonly tries = new Retry();
  private welcomedMs = 0;
  private seatEndsMs = 0;
  private helloMs = -1; // before the first
  private timer: ReturnType<typeof setTimeout> | undefined;
  private started: { resolve(): void; reject(error: JoinError): void } | undefined;

  constructor(config: SessionConfig) {
    super();
    this.config = config;
    this.content = config.content;
    this.tables = config.tables;
  }

  get state(): SessionState {
    return this.phase;
  }

  /** The newest Welcome; there is one as soon as connect() has resolved. */
  get welcome(): Welcome {
    if (!this.lastWelcome) throw new Error("no Welcome yet");
    return this.lastWelcome;
  }

  get roster(): ReadonlyMap<number, Seat> {
    return this.seats;
  }

  /** The newest resume ticket. */
  get ticket(): string {
    return this.resume;
  }

  /** Since when nothing was heard, while playing and awake. */
  get silentMs(): number {
    const { playing } = this;
    return playing && this.phase === "playing" ? playing.silentMs(performance.now()) : 0;
  }

  /** What is known of the line and of time; undefined before the first Welcome. */
  blackBox(): Uint8Array<ArrayBuffer> | undefined {
    return this.playing?.view.blackBox();
  }

  /** Why nothing is predicted, for as long as this connection lasts. */
  get obstacle(): "spectator" | "code" | "fault" | undefined {
    if (this.lastWelcome?.player === SPECTATOR) return "spectator";
    if (this.playing && !this.playing.predicts) return "code";
    return this.hasFault ? "fault" : undefined;
  }

  /** The newest of what went wrong with prediction, of this connection. */
  get trouble(): Trouble | undefined {
    return this.newestTrouble;
  }

  get renderTick(): number | undefined {
    return this.playing?.renderTick;
  }

  get figures(): Figures | undefined {
    return this.playing?.view.figures(performance.now());
  }

  /** Bytes each way, of messages. */
  get traffic(): TrafficFigures {
    return this.counted.figures(performance.now());
  }

  /** What was sent and has not left this machine. */
  get queuedBytes(): number {
    return this.link?.queuedBytes ?? 0;
  }

  /** Whether a server has seen a ticket of ours. */
  get saidHello(): boolean {
    return this.helloMs >= 0;
  }

  /** Says hello with a ticket.  Resolves at Welcome, rejects with the reason of a refusal. */
  start(wsUrl: string, ticket: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.started = { resolve, reject };
      this.open(wsUrl, ticket);
    });
  }

  /** Moves drawing time on to now, sends the inputs that are due and emits the events that drawing
   * time passes.  Call once a frame, after setting the controller and before draw(). */
  frame(): void {
    const tell = (event: GameEvent) => this.emit(nameOf(event.told), event);
    this.playing?.frame(performance.now(), isHidden(), tell);
    this.tellTroubles();
  }

  /** Visits each entity as it is at the moment of the last frame(). */
  draw(visit: EntityVisitor): void {
    this.playing?.draw(visit);
  }

  /** Visits what our input has spawned: see GameView.readSpawns. */
  readSpawns(visit: SpawnVisitor): void {
    this.playing?.view.readSpawns(visit);
  }

  /** All rows of an entity as of the newest snapshot, our own exact ones too: see GameView.read. */
  read(kind: number, slot: number, values: number[]): number {
    return this.playing?.view.read(kind, slot, values) ?? 0;
  }

  /** A rare message to the game, which it gets once, also when the connection is lost meanwhile.
   * Returns whether it will go: not when 16 wait, nor before the first Welcome or after the end. */
  command(type: number, bytes: Uint8Array): boolean {
    return this.push(type, bytes, false) !== 0;
  }

  /** The same with an answer of the game's.  Rejects with a RequestError. */
  request(type: number, bytes: Uint8Array, { timeoutMs = REQUEST_MS } = {}): Promise<Uint8Array> {
    return this.requests.wait(this.push(type, bytes, true), timeoutMs);
  }

  /** How the server fares; once a second at most, sooner calls get what the last one gets.
   * Undefined when no answer comes. */
  probe(): Promise<Probed | undefined> {
    const nowMs = performance.now();
    if (this.probing && nowMs - this.probedMs < PROBE_MS) return this.probing;
    this.settleProbe(undefined);
    if (this.phase !== "playing") return Promise.resolve(undefined);
    this.probedMs = nowMs;
    this.probing = new Promise((resolve) => (this.settleProbe = resolve));
    this.link?.send(this.encoder.probe());
    return this.probing;
  }

  /** Gives the seat up. */
  leave(): void {
    if (this.phase === "playing") this.link?.send(this.encoder.leave());
    this.close(reasonOf("left"));
  }

  private push(type: number, bytes: Uint8Array, wantsAnswer: boolean): number {
    if (!this.playing || this.phase === "closed") return 0;
    const number = this.playing.view.command(type, bytes, wantsAnswer);
    if (this.phase === "playing") this.playing.send(performance.now());
    return number;
  }

  private open(wsUrl: string, ticket: string): void {
    this.wsUrl = wsUrl;
    const link = new Link(this.config.openSocket(wsUrl), {
      opened: () => {
        this.helloMs = performance.now();
        link.send(this.encoder.hello(ticket, 0n, this.config.game.codeHash));
      },
      message: (bytes) => this.onMessage(bytes),
      ended: (reason) => this.onEnded(reason),
    }, this.counted);
    this.link = link;
    this.wait(WELCOME_MS_MAX, () => link.abandon("peer_gone"));
  }

  private onMessage(bytes: Uint8Array): void {
    if (isSnapshot(bytes)) {
      this.onSnapshot(bytes);
      return;
    }
    const message = decode(bytes);
    if (message) this.onServerMessage(message);
  }

  private onServerMessage(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        return this.onWelcome(message.welcome);
      case "roster":
        return this.onRoster(message.seats);
      case "resume":
        this.resume = message.resume;
        return;
      case "notice":
        return this.emit("notice", message.notice);
      case "goodbye":
        return this.link?.sayGoodbye(message.word);
      case "answer":
        return this.onAnswer(message.answer);
      case "probed":
        return this.settleProbe(message.probed);
    }
  }

  private onWelcome(welcome: Welcome): void {
    if (welcome.version !== WIRE_VERSION) return this.link?.abandon("version");
    const view = this.openView(welcome);
    if (view?.layoutHash !== welcome.layoutHash) return this.link?.abandon("layout");
    this.playing = this.play(welcome, view);
    this.lastWelcome = welcome;
    this.newestTrouble = undefined;
    this.hasFault = false;
    this.resume = welcome.resume;
    this.seats.clear();
    this.tries.reset();
    this.welcomedMs = performance.now();
    this.phase = "playing";
    this.emit("welcome", welcome);
    this.started?.resolve();
    this.started = undefined;
    this.pump();
  }

  private play(welcome: Welcome, view: GameView): Playing {
    const { encoder, controller, helloMs } = this;
    const toldTick = welcome.resumed ? (this.playing?.toldTick ?? 0) : 0;
    const link = this.link!;
    const { inputRate, guards } = this.config;
    const start = { toldTick, inputRate, guards };
    const config = { welcome, view, link, encoder, controller, helloMs, ...start };
    return new Playing(config, performance.now());
  }

  /** Undefined for a room that our build of the game cannot show. */
  private openView({ game, playersMax, options }: Welcome): GameView | undefined {
    if (game !== this.config.game.name) return undefined;
    try {
      return this.config.game.open({ playersMax, options }, this.content);
    } catch (error) {
      if (error instanceof JoinError) return undefined;
      throw error;
    }
  }

  private onRoster(seats: readonly Seat[]): void {
    for (const seat of seats) {
      if (seat.state === "empty") this.seats.delete(seat.player);
      else this.seats.set(seat.player, seat);
    }
    this.emit("roster", seats);
  }

  private onAnswer(answer: Answer): void {
    if (!this.playing?.view.takeAnswer(answer.number) || this.requests.settle(answer)) return;
    if (answer.refused) this.emit("refused", new TextDecoder().decode(answer.bytes));
  }

  private onSnapshot(bytes: Uint8Array): void {
    const { playing } = this;
    if (!playing || this.phase !== "playing") return;
    if (playing.take(bytes, performance.now()) !== "applied") return;
    this.emit("snapshot", playing.view.newestTick);
    this.tellTroubles();
  }

  /** For the server's log, which takes one now and then. */
  private report({ place }: Trouble): void {
    const nowMs = performance.now();
    if (!place || nowMs - this.reportedMs < REPORT_MS) return;
    this.reportedMs = nowMs;
    this.link?.send(this.encoder.diverged(place));
  }

  private tellTroubles(): void {
    let trouble: Trouble | undefined;
    while ((trouble = this.playing?.view.takeTrouble())) {
      this.newestTrouble = trouble;
      this.hasFault ||= trouble.what === "unpredicted";
      this.report(trouble);
      this.emit("trouble", trouble);
    }
  }

  private pump(): void {
    const { playing } = this;
    if (!playing || this.phase !== "playing") return;
    const waitMs = playing.tick(performance.now(), isHidden());
    if (waitMs === undefined) this.link?.abandon("peer_gone");
    else this.wait(waitMs, () => this.pump());
  }

  private onEnded(reason: Reason): void {
    this.link = undefined;
    this.settleProbe(undefined);
    if (this.phase === "closed") return;
    const nowMs = performance.now();
    const played = this.phase === "playing";
    const playedMs = played ? nowMs - this.welcomedMs : 0;
    if (this.phase === "joining" || !this.tries.onEnd(reason.word, playedMs)) {
      return this.close(reason);
    }
    if (played) this.seatEndsMs = nowMs + this.welcome.seatSeconds * 1000;
    this.phase = "reconnecting";
    this.retry(reason, nowMs);
  }

  private retry(reason: Reason, nowMs: number): void {
    const seatMs = this.seatEndsMs - nowMs;
    const askedMs = reason instanceof JoinError ? reason.afterMs : 0;
    const retryMs = Math.max(this.tries.nextMs(), askedMs);
    if (retryMs > seatMs) return this.close(reasonOf("seat_gone"));
    this.emit("reconnecting", { reason, attempt: this.tries.attempt, retryMs, seatMs });
    this.wait(retryMs, () => this.attempt());
  }

  private attempt(): void {
    if (this.tries.attempt <= directAttempts) {
      this.open(this.wsUrl, this.resume);
      return;
    }
    rejoin(this.config.base, this.resume).then(
      (answer) => {
        if (this.phase === "reconnecting") this.open(answer.ws, answer.ticket);
      },
      (error: unknown) => this.onEnded(error instanceof JoinError ? error : reasonOf("internal")),
    );
  }

  private close(reason: Reason): void {
    if (this.phase === "closed") return;
    this.phase = "closed";
    clearTimeout(this.timer);
    this.link?.abandon(reason.word);
    this.started?.reject(new JoinError(reason.word, reason.sentence));
    this.started = undefined;
    this.requests.end(reason.word, reason.sentence);
    this.emit("closed", reason);
  }

  /** The session waits for one thing at a time. */
  private wait(ms: number, then: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(then, ms);
  }
}
