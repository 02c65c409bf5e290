import { expect, test } from "vitest";

import { kinds } from "../generated/template";
import { extentOf, placeOf, rowsText } from "../src/plain/places";

const field = (name: string, min = 0, max = 9) => ({ name, unit: "step", min, max });

test("a place is the rows x and y, or those whose names end so", () => {
  expect(placeOf({ name: "a", fields: [field("hp"), field("x"), field("y")] })).toEqual({
    x: "x", y: "y",
  });
  expect(placeOf({ name: "b", fields: [field("pos_x"), field("pos_y")] })).toEqual({
    x: "pos_x", y: "pos_y",
  });
  expect(placeOf({ name: "c", fields: [field("x"), field("score")] })).toBeUndefined();
});

test("the extent is around all that any kind may reach", () => {
  const far = { name: "far", fields: [field("x", -5, 20), field("y", 0, 4)] };
  const score = { name: "score", fields: [field("points", 0, 1000)] };
  expect(extentOf([far, score])).toEqual({ left: -5, top: 0, right: 20, bottom: 4 });
  expect(extentOf(kinds)).toEqual({ left: 0, top: 0, right: 8191, bottom: 8191 });
});

test("the other rows are told by name", () => {
  const [walker] = kinds;
  expect(rowsText(walker, { x: 10, y: 20, score: 3 })).toBe("score 3");
});
