import { describe, expect, test } from "vitest";

import { Controller, InputLine, axisOf, turnOf } from "../src/input_line.ts";

describe("InputLine", () => {
  test("makes one input for each tick that came due", () => {
    const line = new InputLine(100);
    line.take(103, new Controller(), 99, 7);
    expect(line.unsent).toHaveLength(3);
    expect(line.tick).toBe(103);
    expect(line.unsent[0]).toMatchObject({ viewTick: 99, viewFraction: 7 });
  });

  test("makes none twice, also when the lead moved back", () => {
    const line = new InputLine(100);
    line.take(101, new Controller(), 0, 0);
    line.take(101, new Controller(), 0, 0);
    line.take(99, new Controller(), 0, 0);
    expect(line.unsent).toHaveLength(1);
    expect(line.tick).toBe(101);
  });

  test("keeps the newest sixteen while the socket is busy", () => {
    const line = new InputLine(0);
    const controller = new Controller();
    for (let tick = 1; tick <= 40; tick++) {
      controller.buttons = tick;
      line.take(tick, controller, 0, 0);
    }
    expect(line.unsent.map((input) => input.buttons)).toEqual(
      Array.from({ length: 16 }, (_, i) => 25 + i),
    );
    line.sent();
    expect(line.unsent).toHaveLength(0);
  });

  test("a tap between two ticks counts for one tick", () => {
    const line = new InputLine(0);
    const controller = new Controller();
    controller.press(4);
    line.take(2, controller, 0, 0);
    expect(line.unsent.map((input) => input.buttons)).toEqual([4, 0]);
  });
});

test("a turn wraps into a signed 16-bit number", () => {
  const quarter = Math.PI / 2;
  expect([0, quarter, -quarter, 2 * quarter, 5 * quarter].map(turnOf)).toEqual([
    0, 16384, -16384, -32768, 16384,
  ]);
});

test("axes are clamped to a signed 16-bit number", () => {
  expect([axisOf(-2), axisOf(0), axisOf(1), axisOf(7)]).toEqual([-32767, 0, 32767, 32767]);
});
