// server_messages.ts - what a server sends, for tests.
import { Builder } from "flatbuffers";

import * as fb from "../generated/skirmish_generated.ts";
import type { Seat, Welcome } from "../src/wire.ts";

export const welcomeValues: Welcome = {
  version: 3, game: "fake", room: "K3V9QZ", epoch: 7n, player: 2, playersMax: 16, tick: 1000,
  tickHz: 60, snapshotDivisor: 3, seatSeconds: 30, seed: 9n, layoutHash: 42n, codeHash: 43n,
  contentHash: 44n, content: "/content/fake-1", options: [1, 2], resume: "resume-1",
  resumed: false, commandNumber: 0,
};

function finish(builder: Builder, type: fb.ServerBody, body: number): Uint8Array {
  builder.finish(fb.ServerMessage.createServerMessage(builder, type, body));
  return builder.asUint8Array();
}

export function welcomeBytes(changes: Partial<Welcome> = {}): Uint8Array {
  const w = { ...welcomeValues, ...changes };
  const b = new Builder();
  const [game, room] = [b.createString(w.game), b.createString(w.room)];
  const [content, resume] = [b.createString(w.content), b.createString(w.resume)];
  const options = fb.Welcome.createOptionsVector(b, Uint32Array.from(w.options));
  const body = fb.Welcome.createWelcome(
    b, w.version, game, room, w.epoch, w.player, w.playersMax, w.tick, w.tickHz, w.snapshotDivisor,
    w.seatSeconds, w.seed, w.layoutHash, w.codeHash, w.contentHash, content, options, resume,
    w.resumed, w.commandNumber,
  );
  return finish(b, fb.ServerBody.Welcome, body);
}

export function rosterBytes(seats: readonly Seat[]): Uint8Array {
  const b = new Builder();
  const offsets = seats.map((seat) => {
    const name = b.createString(seat.name);
    return fb.Seat.createSeat(b, seat.player, fb.SeatState[seat.state], seat.bot, name);
  });
  const vector = fb.Roster.createSeatsVector(b, offsets);
  return finish(b, fb.ServerBody.Roster, fb.Roster.createRoster(b, vector));
}

export function goodbyeBytes(reason: number, word: string): Uint8Array {
  const b = new Builder();
  const text = b.createString(word);
  return finish(b, fb.ServerBody.Goodbye, fb.Goodbye.createGoodbye(b, reason, text));
}

export function noticeBytes(seconds: number, words: string): Uint8Array {
  const b = new Builder();
  const text = b.createString(words);
  const body = fb.Notice.createNotice(b, fb.NoticeKind.stopping, seconds, text);
  return finish(b, fb.ServerBody.Notice, body);
}

export function resumeBytes(ticket: string): Uint8Array {
  const b = new Builder();
  const text = b.createString(ticket);
  return finish(b, fb.ServerBody.Resume, fb.Resume.createResume(b, text));
}

export function answerBytes(number: number, refused: boolean, words: string): Uint8Array {
  const b = new Builder();
  const bytes = fb.Answer.createBytesVector(b, new TextEncoder().encode(words));
  return finish(b, fb.ServerBody.Answer, fb.Answer.createAnswer(b, number, refused, bytes));
}

/** Its figures are 1, 2, 3 and so on. */
export function probedBytes(): Uint8Array {
  const b = new Builder();
  const body = fb.Probed.createProbed(b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  return finish(b, fb.ServerBody.Probed, body);
}
