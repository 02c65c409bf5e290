import { expect, test } from "vitest";

import { Controller, axisOf, turnOf } from "../src/controller.ts";

test("what was pressed is told once", () => {
  const controller = new Controller();
  controller.press(4);
  controller.press(1);
  expect([controller.takePressed(), controller.takePressed()]).toEqual([5, 0]);
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
