// retry.test.ts - the same bounds as unit.client_retry.
import { describe, expect, test } from "vitest";

import { isFinal, isPassing } from "../src/reason.ts";
import { Retry } from "../src/retry.ts";

test("at once, then up to half a second, then doubling up to 8 s", () => {
  const most = new Retry(() => 1);
  const waits = Array.from({ length: 8 }, () => most.nextMs());
  expect(waits).toEqual([0, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
});

test("the wait is drawn at random below that", () => {
  const low = new Retry(() => 0.25);
  expect([low.nextMs(), low.nextMs(), low.nextMs()]).toEqual([0, 125, 250]);
});

describe("what comes again", () => {
  /** Welcomed each time, and closed with `word` after so long. */
  function waitsUntilTheEnd(word: string, playedMs: number): number[] {
    const [retry, waits] = [new Retry(() => 1), [] as number[]];
    while (waits.length < 100 && retry.onEnd(word, playedMs)) {
      waits.push(retry.nextMs());
      retry.reset();
    }
    return waits;
  }

  test.each(["input_future", "rate_limit", "malformed"])("%s backs off and ends", (word) =>
    expect(waitsUntilTheEnd(word, 12000)).toEqual([0, 500, 1000]));

  test("but what comes seldom, or from the network, does not end it", () => {
    expect(waitsUntilTheEnd("rate_limit", 60000)).toHaveLength(100);
    expect(waitsUntilTheEnd("peer_gone", 1)).toEqual(Array(100).fill(0));
  });
});

test("the words are those of the native client", () => {
  expect(["code", "kicked", "server_stopping", "peer_gone"].map(isFinal)).toEqual(
    [true, true, false, false],
  );
  expect(["join_rate", "seat_gone", "room_full", "none"].map(isPassing)).toEqual(
    [true, true, false, false],
  );
});
