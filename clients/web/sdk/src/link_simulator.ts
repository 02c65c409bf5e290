// link_simulator.ts - a worse line than the one there is, for tests and for who wants to see what a
// far player sees.  It stands between the client and its sockets: new Client({ openSocket }).
//
//   send --> rate --> half the lag, the variance, a loss --> the other end      the same way back
//
// Order is kept, as on any TCP line.  A lost piece is what it is there: it comes a round trip and
// 200 ms later, and all behind it waits.
import { type OpenSocket, type Socket, openWebSocket } from "./link.ts";

const RETRANSMIT_MS = 200;
const SEND_BUFFER_BYTES = 65536; // what a system takes before it lets its sender wait
const STALL_EACH_MS = 10000;
const SEED = 1;

export interface LinkConditions {
  /** Of a round trip. */
  lagMs: number;
  /** Up to so much more, at random, each way. */
  varianceMs: number;
  /** 0..1 of the messages. */
  lossShare: number;
  /** Each way; 0: as many as there are. */
  bytesPerSecond: number;
  /** Of each ten seconds nothing passes for so long, at their end. */
  stallMs: number;
}

interface Piece {
  readonly bytes: number;
  readonly departMs: number;
  /** Unless one before it is later. */
  readonly dueMs: number;
  arrive(): void;
}

/** What is set holds for all that is sent from then on. */
export class LinkSimulator implements LinkConditions {
  lagMs = 0;
  varianceMs = 0;
  lossShare = 0;
  bytesPerSecond = 0;
  stallMs = 0;
  /** Opens sockets behind this line. */
  readonly openSocket: OpenSocket;
  private readonly beginMs = performance.now();
  private stallEndMs = 0;
  private state: number;

  constructor(
    conditions: Partial<LinkConditions> = {}, seed = SEED, open: OpenSocket = openWebSocket,
  ) {
    Object.assign(this, conditions);
    this.state = seed >>> 0;
    this.openSocket = (url) => new SimulatedSocket(open(url), this);
  }

  /** Nothing passes, either way, for so long. */
  stall(ms: number): void {
    this.stallEndMs = performance.now() + ms;
  }

  /** How long nothing passes from now on. */
  get stalledMs(): number {
    const nowMs = performance.now();
    const leftMs = STALL_EACH_MS - ((nowMs - this.beginMs) % STALL_EACH_MS);
    return Math.max(leftMs <= this.stallMs ? leftMs : 0, this.stallEndMs - nowMs);
  }

  get isClear(): boolean {
    const { lagMs, varianceMs, lossShare, bytesPerSecond } = this;
    return lagMs + varianceMs + lossShare + bytesPerSecond === 0 && this.stalledMs === 0;
  }

  /** How long the next piece is under way. */
  travelMs(): number {
    const lostMs = this.random() < this.lossShare ? this.lagMs + RETRANSMIT_MS : 0;
    return this.lagMs / 2 + this.varianceMs * this.random() + lostMs;
  }

  private random(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return this.state / 2 ** 32;
  }
}

/** One way of one connection. */
class Lane {
  private readonly pieces: Piece[] = [];
  private departMs = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly link: LinkSimulator;

  constructor(link: LinkSimulator) {
    this.link = link;
  }

  /** What has not left this end. */
  get waitingBytes(): number {
    const nowMs = performance.now();
    const waiting = this.pieces.filter(({ departMs }) => departMs > nowMs);
    return waiting.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  put(bytes: number, arrive: () => void): void {
    const { link } = this;
    if (this.pieces.length === 0 && link.isClear) return arrive();
    const sendMs = link.bytesPerSecond > 0 ? (bytes / link.bytesPerSecond) * 1000 : 0;
    this.departMs = Math.max(performance.now(), this.departMs) + sendMs;
    const dueMs = this.departMs + link.travelMs();
    this.pieces.push({ bytes, departMs: this.departMs, dueMs, arrive });
    this.wait();
  }

  private wait(): void {
    const [first] = this.pieces;
    clearTimeout(this.timer);
    if (!first) return;
    const waitMs = Math.max(first.dueMs - performance.now(), this.link.stalledMs);
    this.timer = setTimeout(() => this.deliver(), Math.max(0, waitMs));
  }

  private deliver(): void {
    while (this.pieces[0] && this.pieces[0].dueMs <= performance.now()) {
      if (this.link.stalledMs > 0) break;
      this.pieces.shift()!.arrive();
    }
    this.wait();
  }
}

class SimulatedSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  private readonly up: Lane;
  private readonly down: Lane;
  private readonly socket: Socket;

  constructor(socket: Socket, link: LinkSimulator) {
    this.socket = socket;
    this.up = new Lane(link);
    this.down = new Lane(link);
    socket.onopen = () => this.down.put(0, () => this.onopen?.());
    socket.onmessage = (event) => this.down.put(sizeOf(event.data), () => this.onmessage?.(event));
    socket.onclose = (event) => this.down.put(0, () => this.onclose?.(event));
  }

  get binaryType(): string {
    return this.socket.binaryType;
  }

  set binaryType(type: string) {
    this.socket.binaryType = type;
  }

  get bufferedAmount(): number {
    const held = Math.max(0, this.up.waitingBytes - SEND_BUFFER_BYTES);
    return this.socket.bufferedAmount + held;
  }

  send(bytes: Uint8Array): void {
    const copy = bytes.slice();
    this.up.put(copy.length, () => this.socket.send(copy));
  }

  close(code?: number, reason?: string): void {
    this.up.put(0, () => this.socket.close(code, reason));
  }
}

function sizeOf(data: unknown): number {
  return data instanceof ArrayBuffer ? data.byteLength : 0;
}
