// wire.ts - FlatBuffers messages as plain values (WIRE.md).
//
// Encoder keeps one builder for all messages.  builder.asUint8Array() is a view that the next
// message overwrites; WebSocket.send() copies before it returns, so a message must be sent before
// the next one is encoded.
import { Builder, ByteBuffer } from "flatbuffers";

import * as fb from "../generated/skirmish_generated.ts";
import type { Command } from "./game_module.ts";
import { wordOfNumber } from "./reason.ts";

export const WIRE_VERSION = 3;
export const SUBPROTOCOL = "skirmish.1";
export const SPECTATOR = 0xffff;
export const INPUTS_A_MESSAGE_MAX = 16;
/** Which older snapshots came, too, is of use to a server only where some are lost. */
const NO_APPLIED = 0;

/** One tick of a controller: what buttons and axes mean is the game's. */
export interface Input {
  buttons: number;
  axes: [number, number, number, number];
  viewTick: number;
  viewFraction: number;
  viewInterval: number;
}

export interface Welcome {
  readonly version: number;
  readonly game: string;
  readonly room: string;
  readonly epoch: bigint;
  readonly player: number;
  readonly playersMax: number;
  readonly tick: number;
  readonly tickHz: number;
  readonly snapshotDivisor: number;
  readonly seatSeconds: number;
  readonly seed: bigint;
  readonly layoutHash: bigint;
  readonly codeHash: bigint;
  readonly contentHash: bigint;
  readonly content: string;
  readonly options: readonly number[];
  readonly resume: string;
  readonly resumed: boolean;
  /** Of the seat's newest command that the server has. */
  readonly commandNumber: number;
}

export type SeatState = "empty" | "here" | "away";

export interface Seat {
  readonly player: number;
  readonly state: SeatState;
  readonly bot: boolean;
  readonly name: string;
}

export interface Notice {
  readonly kind: "text" | "stopping";
  readonly seconds: number;
  readonly text: string;
}

/** What became of a command: the game's bytes or, of one that was refused, words. */
export interface Answer {
  readonly number: number;
  readonly refused: boolean;
  readonly bytes: Uint8Array;
}

/** Where an entity of ours is not as predicted: table Diverged of skirmish.fbs. */
export interface Place {
  readonly tick: number;
  readonly kind: number;
  readonly slot: number;
  readonly row: number;
}

/** How the server fares, and how it sees our connection: table Probed of skirmish.fbs. */
export interface Probed {
  /** Of the room now. */
  readonly tick: number;
  /** What a tick of the room took, of the last second. */
  readonly stepUsP50: number;
  readonly stepUsP99: number;
  /** How long after it was due a tick began. */
  readonly lateUsP50: number;
  readonly lateUsP99: number;
  /** Of the room's time, since it opened. */
  readonly droppedTicks: number;
  /** From a snapshot to its ack. */
  readonly rttUs: number;
  /** Snapshots under way. */
  readonly unacked: number;
  /** Not sent to this connection: it held unsent bytes or too many unacked. */
  readonly snapshotsHeld: number;
  /** Ticks without an input of this connection's own. */
  readonly inputsRepeated: number;
  /** Of this connection. */
  readonly viewsClamped: number;
}

export type ServerMessage =
  | { readonly type: "welcome"; readonly welcome: Welcome }
  | { readonly type: "roster"; readonly seats: readonly Seat[] }
  | { readonly type: "resume"; readonly resume: string }
  | { readonly type: "notice"; readonly notice: Notice }
  | { readonly type: "goodbye"; readonly word: string }
  | { readonly type: "answer"; readonly answer: Answer }
  | { readonly type: "probed"; readonly probed: Probed };

/** Low two bits of the first byte: 01 a snapshot, 00 FlatBuffers. */
export function isSnapshot(bytes: Uint8Array): boolean {
  return bytes.length > 0 && (bytes[0]! & 3) === 1;
}

export class Encoder {
  private readonly builder = new Builder(1024);

  /** 0n: whatever the server has. */
  hello(ticket: string, layoutHash: bigint, codeHash: bigint): Uint8Array {
    const text = this.start().createString(ticket);
    const body = fb.Hello.createHello(
      this.builder, WIRE_VERSION, text, layoutHash, true, codeHash,
    );
    return this.finish(fb.ClientBody.Hello, body);
  }

  /** `inputs` are of the ticks that end in `tick`, oldest first, 1..INPUTS_A_MESSAGE_MAX. */
  inputs(ack: number, tick: number, inputs: readonly Input[], answered: number): Uint8Array {
    const builder = this.start();
    fb.Inputs.startInputsVector(builder, inputs.length);
    for (let i = inputs.length - 1; i >= 0; i--) {
      const { buttons, axes, viewTick, viewFraction, viewInterval } = inputs[i]!;
      fb.Input.createInput(builder, buttons, viewTick, ...axes, viewFraction, viewInterval);
    }
    const vector = builder.endVector();
    const body = fb.Inputs.createInputs(builder, ack, tick, vector, answered, NO_APPLIED);
    return this.finish(fb.ClientBody.Inputs, body);
  }

  ack(ack: number, answered: number): Uint8Array {
    const body = fb.Ack.createAck(this.start(), ack, answered, NO_APPLIED);
    return this.finish(fb.ClientBody.Ack, body);
  }

  command({ number, type, wantsAnswer, bytes }: Command, answered: number): Uint8Array {
    const vector = fb.Command.createBytesVector(this.start(), bytes);
    const body = fb.Command.createCommand(
      this.builder, type, vector, number, answered, wantsAnswer,
    );
    return this.finish(fb.ClientBody.Command, body);
  }

  keyframeRequest(ack: number): Uint8Array {
    const body = fb.KeyframeRequest.createKeyframeRequest(this.start(), ack);
    return this.finish(fb.ClientBody.KeyframeRequest, body);
  }

  probe(): Uint8Array {
    return this.finish(fb.ClientBody.Probe, fb.Probe.createProbe(this.start()));
  }

  diverged({ tick, kind, slot, row }: Place): Uint8Array {
    const body = fb.Diverged.createDiverged(this.start(), tick, kind, slot, row);
    return this.finish(fb.ClientBody.Diverged, body);
  }

  leave(): Uint8Array {
    return this.finish(fb.ClientBody.Leave, fb.Leave.createLeave(this.start()));
  }

  private start(): Builder {
    this.builder.clear();
    return this.builder;
  }

  private finish(type: fb.ClientBody, body: number): Uint8Array<ArrayBuffer> {
    this.builder.finish(fb.ClientMessage.createClientMessage(this.builder, type, body));
    return this.builder.asUint8Array() as Uint8Array<ArrayBuffer>;
  }
}

/** Reads a server's message; undefined for one that cannot be read or that only a newer client
 * knows. */
export function decode(bytes: Uint8Array): ServerMessage | undefined {
  try {
    return read(fb.ServerMessage.getRootAsServerMessage(new ByteBuffer(bytes)));
  } catch (error) {
    if (error instanceof RangeError) return undefined; // an offset that points outside
    throw error;
  }
}

function read(message: fb.ServerMessage): ServerMessage | undefined {
  switch (message.bodyType()) {
    case fb.ServerBody.Welcome:
      return { type: "welcome", welcome: readWelcome(message.body(new fb.Welcome())) };
    case fb.ServerBody.Roster:
      return { type: "roster", seats: readSeats(message.body(new fb.Roster())) };
    case fb.ServerBody.Resume:
      return { type: "resume", resume: message.body(new fb.Resume()).resume() ?? "" };
    case fb.ServerBody.Notice:
      return { type: "notice", notice: readNotice(message.body(new fb.Notice())) };
    case fb.ServerBody.Goodbye: {
      const goodbye: fb.Goodbye = message.body(new fb.Goodbye());
      return { type: "goodbye", word: goodbye.word() ?? wordOfNumber(goodbye.reason()) ?? "none" };
    }
    case fb.ServerBody.Answer:
      return { type: "answer", answer: readAnswer(message.body(new fb.Answer())) };
    case fb.ServerBody.Probed:
      return { type: "probed", probed: readProbed(message.body(new fb.Probed())) };
    default:
      return undefined;
  }
}

function readProbed(probed: fb.Probed): Probed {
  return {
    tick: probed.tick(),
    stepUsP50: probed.stepUsP50(),
    stepUsP99: probed.stepUsP99(),
    lateUsP50: probed.lateUsP50(),
    lateUsP99: probed.lateUsP99(),
    droppedTicks: probed.droppedTicks(),
    rttUs: probed.rttUs(),
    unacked: probed.unacked(),
    snapshotsHeld: probed.snapshotsHeld(),
    inputsRepeated: probed.inputsRepeated(),
    viewsClamped: probed.viewsClamped(),
  };
}

function readAnswer(answer: fb.Answer): Answer {
  const bytes = answer.bytesArray()?.slice() ?? new Uint8Array();
  return { number: answer.number(), refused: answer.refused(), bytes };
}

function readWelcome(welcome: fb.Welcome): Welcome {
  return {
    version: welcome.version(),
    game: welcome.game() ?? "",
    room: welcome.room() ?? "",
    epoch: welcome.epoch(),
    player: welcome.player(),
    playersMax: welcome.playersMax(),
    tick: welcome.tick(),
    tickHz: welcome.tickHz(),
    snapshotDivisor: welcome.snapshotDivisor(),
    seatSeconds: welcome.seatSeconds(),
    seed: welcome.seed(),
    layoutHash: welcome.layoutHash(),
    codeHash: welcome.codeHash(),
    contentHash: welcome.contentHash(),
    content: welcome.content() ?? "",
    options: Array.from(welcome.optionsArray() ?? []),
    resume: welcome.resume() ?? "",
    resumed: welcome.resumed(),
    commandNumber: welcome.commandNumber(),
  };
}

const seatStates: readonly SeatState[] = ["empty", "here", "away"];

function readSeats(roster: fb.Roster): Seat[] {
  return Array.from({ length: roster.seatsLength() }, (_, index) => {
    const seat = roster.seats(index)!;
    return {
      player: seat.player(),
      state: seatStates[seat.state()] ?? "empty",
      bot: seat.bot(),
      name: seat.name() ?? "",
    };
  });
}

const noticeKinds: readonly Notice["kind"][] = ["text", "stopping"];

function readNotice(notice: fb.Notice): Notice {
  return {
    kind: noticeKinds[notice.kind()] ?? "text",
    seconds: notice.seconds(),
    text: notice.text() ?? "",
  };
}
