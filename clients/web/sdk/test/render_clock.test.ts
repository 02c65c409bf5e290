import { describe, expect, test } from "vitest";

import { RenderClock } from "../src/render_clock.ts";

const TICK_MS = 1000 / 60;
const INTERVAL_MS = 50;
const FIRST_TICK = 600;

/** Feeds snapshots each 50 ms with the delays of `lateMs` in turn, draws at 60 Hz in between. */
function run(clock: RenderClock, lateMs: readonly number[], ms: number): number[] {
  const drawn: number[] = [];
  let next = 0;
  for (let nowMs = 0; nowMs < ms; nowMs += TICK_MS) {
    while (next * INTERVAL_MS + lateMs[next % lateMs.length]! <= nowMs) {
      clock.arrived(FIRST_TICK + 3 * next++, nowMs);
    }
    const tick = clock.tickAt(nowMs);
    if (tick !== undefined) drawn.push(tick);
  }
  return drawn;
}

describe("RenderClock", () => {
  test("draws nothing before the first snapshot", () => {
    expect(new RenderClock(TICK_MS, 3).tickAt(10)).toBeUndefined();
  });

  test("stays between one and two intervals behind on a steady path", () => {
    const clock = new RenderClock(TICK_MS, 3);
    run(clock, [0], 4000);
    expect(clock.delayMs).toBeGreaterThanOrEqual(INTERVAL_MS);
    expect(clock.delayMs).toBeLessThanOrEqual(2 * INTERVAL_MS);
  });

  test("jitter widens the delay by about its size", () => {
    const clock = new RenderClock(TICK_MS, 3);
    run(clock, [0, 30, 10, 40], 4000);
    expect(clock.delayMs).toBeGreaterThan(1.5 * INTERVAL_MS + 20);
    expect(clock.delayMs).toBeLessThan(1.5 * INTERVAL_MS + 70);
  });

  test("time never goes back and never runs off by more than a tenth", () => {
    const drawn = run(new RenderClock(TICK_MS, 3), [0, 30, 5, 60, 0], 6000);
    for (let i = 1; i < drawn.length; i++) {
      const step = drawn[i]! - drawn[i - 1]!;
      expect(step).toBeGreaterThanOrEqual(0.89);
      expect(step).toBeLessThanOrEqual(1.11);
    }
  });

  test("a long gap is jumped, not bent away", () => {
    const clock = new RenderClock(TICK_MS, 3);
    run(clock, [0], 1000);
    clock.arrived(FIRST_TICK + 600, 10000); // sent at 10 s: a stall of nine seconds is over
    const tick = clock.tickAt(10000)!;
    expect(FIRST_TICK + 600 - tick).toBeLessThan(30);
  });
});
