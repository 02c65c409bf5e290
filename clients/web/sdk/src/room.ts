// room.ts - a seat in a room as a page sees it: state, messages and input by the names of the
// game's tables.  What goes on below, over several connections, is session.ts.
//
//   each frame:  input.stick(), .hold(), .press()  -->  frame()  -->  messages, then `state`
import { type State, StateFiller } from "./entities.ts";
import { Events } from "./events.ts";
import type { EntityVisitor, Figures, SpawnVisitor } from "./game_module.ts";
import { Interpolation } from "./interpolation.ts";
import type { About, Message } from "./messages.ts";
import { Prediction } from "./prediction.ts";
import type { Reason } from "./reason.ts";
import { RoomInput } from "./room_input.ts";
import type { Reconnecting, Session, SessionState } from "./session.ts";
import { Spawns } from "./spawns.ts";
import type { CommandName, EventName, GameTables } from "./tables.ts";
import type { TrafficFigures } from "./traffic.ts";
import { type Notice, type Probed, SPECTATOR, type Seat } from "./wire.ts";

export type Payload = Uint8Array | string;

export interface RequestOptions {
  readonly timeoutMs?: number;
}

export class Room<Tables extends GameTables = GameTables> {
  readonly tables: Tables;
  /** The entities by kind, as of the last frame(). */
  readonly state: State<Tables>;
  readonly input: RoomInput<Tables>;
  /** What happens: shown, then confirmed or undone where it is our own doing. */
  readonly events: Events<Tables>;
  /** What our input has spawned. */
  readonly spawns: Spawns<Tables>;
  /** How our own entities are drawn: where they are now. */
  readonly prediction: Prediction<Tables>;
  /** How all others are: in the past. */
  readonly interpolation: Interpolation;
  private readonly session: Session;
  private readonly filler: StateFiller<Tables>;

  constructor(session: Session, tables: Tables) {
    this.session = session;
    this.tables = tables;
    this.filler = new StateFiller(tables);
    this.state = this.filler.state;
    this.input = new RoomInput(tables, session.controller);
    this.events = new Events(session, tables);
    this.spawns = new Spawns(tables, this.state);
    this.prediction = new Prediction(session, this.filler);
    this.interpolation = new Interpolation(session);
  }

  /** What brings a friend in: Client.join(). */
  get code(): string {
    return this.session.welcome.room;
  }

  /** Our player's number; undefined for who only looks. */
  get me(): number | undefined {
    const { player } = this.session.welcome;
    return player === SPECTATOR ? undefined : player;
  }

  /** What brings us back, from another page too: Client.reconnect(). */
  get ticket(): string {
    return this.session.ticket;
  }

  get tickHz(): number {
    return this.session.welcome.tickHz;
  }

  /** The source of the game's content: its map. */
  get content(): Uint8Array {
    return this.session.content;
  }

  /** Who has a seat, by player's number. */
  get players(): ReadonlyMap<number, Seat> {
    return this.session.roster;
  }

  get connection(): SessionState {
    return this.session.state;
  }

  /** Since when nothing was heard, while playing and awake. */
  get silentMs(): number {
    return this.session.silentMs;
  }

  /** Of the line, of time and of prediction. */
  get figures(): Figures | undefined {
    return this.session.figures;
  }

  /** The last 30 s and more as this end knew them, a file that skirmish-feel replays: snapshots
   * with the times they came, inputs, frames.  Undefined while nothing is predicted. */
  blackBox(): Uint8Array<ArrayBuffer> | undefined {
    return this.session.blackBox();
  }

  /** Bytes each way, of messages, in the last ten seconds. */
  get traffic(): TrafficFigures {
    return this.session.traffic;
  }

  /** What was sent and has not left this machine. */
  get queuedBytes(): number {
    return this.session.queuedBytes;
  }

  /** How the server fares, and how it sees this connection; once a second at most, sooner calls get
   * what the last one gets.  Undefined when no answer comes. */
  probe(): Promise<Probed | undefined> {
    return this.session.probe();
  }

  /** The same room, by these tables' names; undefined when it plays another game. */
  as<Other extends GameTables>(tables: Other): Room<Other> | undefined {
    return this.tables.name === tables.name ? (this as unknown as Room<Other>) : undefined;
  }

  /** Moves to now: sends the inputs that are due, passes the messages of what has happened since
   * the frame before, fills the state.  Call once a frame, after setting the input. */
  frame(): void {
    const { session } = this;
    session.frame();
    this.filler.fill(this.me, this.visit, this.read);
    this.spawns.follow(this.readSpawns);
  }

  /** Calls `listener` at each event of a type that is shown, or at every one for "*", until the
   * returned function is called; what becomes of it, `events` tells. */
  onMessage<Type extends EventName<Tables>>(
    type: Type, listener: (message: Message<Tables, Type>, about: About<Type>) => void,
  ): () => void;
  onMessage(
    type: "*", listener: (message: Readonly<Record<string, number>>, about: About) => void,
  ): () => void;
  onMessage(type: string, listener: (message: never, about: never) => void): () => void {
    if (type === "*") return this.events.onEach(listener as Parameters<Events["onEach"]>[0]);
    return this.events.on(type as never, { shown: listener as never });
  }

  /** A rare message to the game, which it gets once, also when the connection is lost meanwhile.
   * Returns whether it will go: not when too many wait.  Throws for one that the game does not have
   * or that is too long for it. */
  send(type: CommandName<Tables>, payload: Payload = ""): boolean {
    return this.session.command(...this.command(type, payload));
  }

  /** The same with the game's answer.  Rejects with a RequestError: refused by the game, in its
   * words; `timeout`, after 5 s unless told otherwise; or why it could not be sent. */
  request(
    type: CommandName<Tables>, payload: Payload = "", options: RequestOptions = {},
  ): Promise<Uint8Array> {
    return this.session.request(...this.command(type, payload), options);
  }

  /** Gives the seat up. */
  leave(): void {
    this.session.leave();
  }

  /** The connection is lost; told before each try to come back. */
  onDrop(listener: (drop: Reconnecting) => void): () => void {
    return this.session.on("reconnecting", listener);
  }

  /** We are back in our seat: what we are and have is as it was. */
  onReconnect(listener: () => void): () => void {
    return this.session.on("welcome", ({ resumed }) => resumed && listener());
  }

  /** We are back in the room, in a new seat: `me` may be another, and what the old one had is
   * gone. */
  onNewSeat(listener: () => void): () => void {
    return this.session.on("welcome", ({ resumed }) => !resumed && listener());
  }

  /** It is over, and why: once. */
  onLeave(listener: (reason: Reason) => void): () => void {
    return this.session.on("closed", listener);
  }

  /** The server says something to a person. */
  onNotice(listener: (notice: Notice) => void): () => void {
    return this.session.on("notice", listener);
  }

  /** Something that was sent was refused by the game, in its words. */
  onRefused(listener: (why: string) => void): () => void {
    return this.session.on("refused", listener);
  }

  private command(type: string, payload: Payload): [type: number, bytes: Uint8Array] {
    const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
    const number = this.tables.commands.findIndex(({ name }) => name === type);
    const command = this.tables.commands[number];
    if (!command) throw new TypeError(`${this.tables.name} has no command ${type}`);
    if (bytes.length > command.bytesMax) throw new RangeError(`${type} takes fewer bytes`);
    return [number, bytes];
  }

  private readonly visit = (visit: EntityVisitor): void => this.session.draw(visit);
  private readonly readSpawns = (visit: SpawnVisitor): void => this.session.readSpawns(visit);
  private readonly read = (kind: number, slot: number, values: number[]): number =>
    this.session.read(kind, slot, values);
}
