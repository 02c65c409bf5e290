// fake_socket.ts - the server's end of a WebSocket in the hands of a test.
import { ByteBuffer } from "flatbuffers";

import * as fb from "../generated/skirmish_generated.ts";
import type { Socket } from "../src/link.ts";

export class FakeSocket implements Socket {
  binaryType = "";
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly sent: fb.ClientMessage[] = [];
  closed = false;
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  send(bytes: Uint8Array): void {
    this.sent.push(fb.ClientMessage.getRootAsClientMessage(new ByteBuffer(bytes.slice())));
  }

  close(): void {
    this.closed = true;
  }

  accept(): void {
    this.onopen?.();
  }

  deliver(bytes: Uint8Array): void {
    this.onmessage?.({ data: bytes.slice().buffer });
  }

  drop(reason = ""): void {
    this.onclose?.({ code: 1006, reason });
  }

  ofType(type: fb.ClientBody): fb.ClientMessage[] {
    return this.sent.filter((message) => message.bodyType() === type);
  }

  /** All Inputs messages so far. */
  inputs(): fb.Inputs[] {
    return this.ofType(fb.ClientBody.Inputs).map((message) => message.body(new fb.Inputs()));
  }
}
