// link.ts - one connection, from its opening to the reason for which it ended.
//
//   opening --onopen--> open --onclose | abandon()--> over      `ended` is called once
//
// The reason is the Goodbye's word; else the close frame's text, when it is one of ours; else
// peer_gone.
import { type Reason, isReason, reasonOf } from "./reason.ts";
import type { Traffic } from "./traffic.ts";
import { SUBPROTOCOL } from "./wire.ts";

/** What is used of a WebSocket, so that tests can stand in for one. */
export interface Socket {
  binaryType: string;
  readonly bufferedAmount: number;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(bytes: Uint8Array): void;
  close(code?: number, reason?: string): void;
}

export type OpenSocket = (url: string) => Socket;

export function openWebSocket(url: string): Socket {
  return new WebSocket(url, SUBPROTOCOL) as unknown as Socket; // its handlers take wider events
}

export interface LinkHandler {
  opened(): void;
  message(bytes: Uint8Array): void;
  ended(reason: Reason): void;
}

export class Link {
  private readonly socket: Socket;
  private readonly handler: LinkHandler;
  private readonly traffic: Traffic;
  private goodbye: string | undefined;
  private open = false;
  private over = false;

  constructor(socket: Socket, handler: LinkHandler, traffic: Traffic) {
    this.socket = socket;
    this.handler = handler;
    this.traffic = traffic;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.onOpen();
    socket.onmessage = (event) => this.onMessage(event.data);
    socket.onclose = (event) => this.end(event.reason);
  }

  /** Whether all that was sent has left: a message sent now does not queue behind another. */
  get free(): boolean {
    return this.open && !this.over && this.socket.bufferedAmount === 0;
  }

  /** Sends one message; the bytes are copied. */
  send(bytes: Uint8Array): void {
    if (!this.open || this.over) return;
    this.traffic.sent(bytes.length);
    this.socket.send(bytes);
  }

  /** What was sent and has not left. */
  get queuedBytes(): number {
    return this.socket.bufferedAmount;
  }

  /** The server said why it is about to close. */
  sayGoodbye(word: string): void {
    this.goodbye = word;
  }

  /** Ends it from this side, without waiting for the other. */
  abandon(word: string): void {
    this.goodbye ??= word;
    this.socket.close(1000);
    this.end("");
  }

  private onOpen(): void {
    this.open = true;
    if (!this.over) this.handler.opened();
  }

  private onMessage(data: unknown): void {
    if (this.over || !(data instanceof ArrayBuffer)) return;
    this.traffic.heard(data.byteLength);
    this.handler.message(new Uint8Array(data));
  }

  private end(text: string): void {
    if (this.over) return;
    this.over = true;
    const word = this.goodbye ?? (isReason(text) ? text : "peer_gone");
    this.handler.ended(reasonOf(word));
  }
}
