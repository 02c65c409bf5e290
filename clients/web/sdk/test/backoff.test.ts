import { expect, test } from "vitest";

import { Backoff } from "../src/backoff.ts";

test("at once, then up to half a second, then doubling up to 8 s", () => {
  const most = new Backoff(() => 1);
  const waits = Array.from({ length: 8 }, () => most.nextMs());
  expect(waits).toEqual([0, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
});

test("the wait is drawn at random below that", () => {
  const low = new Backoff(() => 0.25);
  expect([low.nextMs(), low.nextMs(), low.nextMs()]).toEqual([0, 125, 250]);
});
