import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Traffic } from "../src/traffic.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

test("bytes a second and sizes are those of the last ten seconds, each way", () => {
  const traffic = new Traffic();
  traffic.heard(5000);
  vi.advanceTimersByTime(15000);
  for (let i = 1; i <= 100; i++) traffic.heard(i);
  traffic.sent(30);
  expect(traffic.figures(performance.now())).toEqual({
    up: { bytesPerSecond: 3, p50Bytes: 30, p95Bytes: 30 },
    down: { bytesPerSecond: 505, p50Bytes: 50, p95Bytes: 95 },
  });
});

test("nothing is nothing", () => {
  const none = { bytesPerSecond: 0, p50Bytes: 0, p95Bytes: 0 };
  expect(new Traffic().figures(0)).toEqual({ up: none, down: none });
});
