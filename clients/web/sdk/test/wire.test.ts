import { ByteBuffer } from "flatbuffers";
import { describe, expect, test } from "vitest";

import * as fb from "../generated/skirmish_generated.ts";
import { Encoder, WIRE_VERSION, decode, isSnapshot } from "../src/wire.ts";
import { goodbyeBytes, rosterBytes, welcomeBytes, welcomeValues } from "../testing/index.ts";

function clientMessage(bytes: Uint8Array): fb.ClientMessage {
  return fb.ClientMessage.getRootAsClientMessage(new ByteBuffer(bytes));
}

describe("Encoder", () => {
  test("inputs go out oldest first, with ack and tick", () => {
    const axes: [number, number, number, number] = [1, -2, 3, -32768];
    const input = { axes, viewFraction: 9, viewInterval: 6 };
    const message = clientMessage(
      new Encoder().inputs(77, 1234, [
        { ...input, buttons: 1, viewTick: 70 },
        { ...input, buttons: 0x80000000, viewTick: 71 },
      ], 12),
    );
    const inputs: fb.Inputs = message.body(new fb.Inputs());
    expect([inputs.ack(), inputs.tick(), inputs.inputsLength()]).toEqual([77, 1234, 2]);
    expect(inputs.answered()).toBe(12);
    expect([inputs.inputs(0)!.buttons(), inputs.inputs(1)!.buttons()]).toEqual([1, 0x80000000]);
    const first = inputs.inputs(0)!;
    expect([first.axis0(), first.axis1(), first.axis2(), first.axis3()]).toEqual(axes);
    expect([first.viewTick(), first.viewFraction(), first.viewInterval()]).toEqual([70, 9, 6]);
  });

  test("no message looks like a snapshot", () => {
    const encoder = new Encoder();
    expect(isSnapshot(encoder.hello("ticket", 5n, 6n))).toBe(false);
    expect(isSnapshot(encoder.ack(1, 0))).toBe(false);
    expect(isSnapshot(encoder.leave())).toBe(false);
  });

  test("hello names version, ticket and an ordered transport", () => {
    const hello: fb.Hello = clientMessage(new Encoder().hello("abc", 5n, 6n)).body(new fb.Hello());
    expect([hello.version(), hello.ticket(), hello.layoutHash(), hello.ordered()]).toEqual([
      WIRE_VERSION, "abc", 5n, true,
    ]);
    expect(hello.codeHash()).toBe(6n);
  });
});

describe("decode", () => {
  test("Welcome comes through whole", () => {
    expect(decode(welcomeBytes())).toEqual({ type: "welcome", welcome: welcomeValues });
  });

  test("Roster comes through whole", () => {
    const seats = [
      { player: 3, state: "here" as const, bot: false, name: "Zoë" },
      { player: 9, state: "away" as const, bot: true, name: "" },
    ];
    expect(decode(rosterBytes(seats))).toEqual({ type: "roster", seats });
  });

  test("Goodbye gives its word", () => {
    expect(decode(goodbyeBytes(44, "kicked"))).toEqual({ type: "goodbye", word: "kicked" });
  });

  test("bytes that are no message throw nothing", () => {
    const whole = welcomeBytes();
    for (let size = 0; size < whole.length; size += 3) decode(whole.slice(0, size));
    expect(decode(new Uint8Array([0xfc, 0xff, 0xff, 0x7f]))).toBeUndefined();
  });
});
