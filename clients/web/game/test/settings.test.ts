import { describe, expect, test } from "vitest";

import {
  actions, keyWords, readSettings, rebind, usual, usualKeys, writeSettings,
} from "../src/settings";

function stored(change: object): string {
  return JSON.stringify({ ...JSON.parse(writeSettings(usual)), ...change });
}

describe("what is stored", () => {
  test("comes back as it was set", () => {
    const keys = rebind(usualKeys, "fire", "KeyF").keys;
    const set = { keys, volume: 0.25, muted: true, palette: "safe", motion: "less" } as const;
    expect(readSettings(writeSettings(set))).toEqual(set);
  });

  test.each([
    ["nothing", null], ["no text", ""], ["no JSON", "{"], ["a list", "[1]"], ["null", "null"],
    ["another version", stored({ version: 2, volume: 0.1 })],
    ["too loud", stored({ volume: 1.5 })], ["no number", stored({ volume: "loud" })],
    ["an unknown palette", stored({ palette: "neon" })], ["motion", stored({ motion: 3 })],
    ["a word for muted", stored({ muted: "yes" })], ["no keys", stored({ keys: null })],
    ["a key less", stored({ keys: { ...usualKeys, fire: undefined } })],
    ["a key twice", stored({ keys: { ...usualKeys, fire: "KeyW" } })],
    ["a key that is taken", stored({ keys: { ...usualKeys, fire: "Escape" } })],
  ])("%s is as usual", (_, text) => expect(readSettings(text)).toEqual(usual));

  test("one bad part leaves the others", () => {
    expect(readSettings(stored({ volume: -1, palette: "safe" }))).toEqual(
      { ...usual, palette: "safe" },
    );
  });
});

describe("a key", () => {
  test("that is free is bound without words", () => {
    expect(rebind(usualKeys, "fire", "KeyF")).toEqual(
      { keys: { ...usualKeys, fire: "KeyF" }, words: "" },
    );
    expect(rebind(usualKeys, "fire", "Space")).toEqual({ keys: usualKeys, words: "" });
  });

  test("that was another action's changes places with its, and words say so", () => {
    const { keys, words } = rebind(usualKeys, "fire", "KeyW");
    expect(keys).toEqual({ ...usualKeys, fire: "KeyW", up: "Space" });
    expect(words).toBe("W was for up: up has Space now.");
    expect(new Set(actions.map((action) => keys[action])).size).toBe(actions.length);
  });

  test("that leads to the buttons stays what it is", () => {
    const refused = rebind(usualKeys, "fire", "Escape");
    expect(refused).toEqual({ keys: usualKeys, words: "Escape cannot be chosen." });
    for (const code of ["F2", "F12", "Backquote", "AltLeft", ""]) {
      expect(rebind(usualKeys, "fire", code).keys).toBe(usualKeys);
    }
    expect(rebind(usualKeys, "fire", "KeyF").keys.fire).toBe("KeyF");
  });

  test("has a name", () => {
    const codes = ["KeyW", "Digit1", "ShiftLeft", "ArrowUp", "Space", "Numpad7", "BracketLeft"];
    expect(codes.map(keyWords)).toEqual(
      ["W", "1", "Left Shift", "Up arrow", "Space", "Numpad 7", "Bracket Left"],
    );
  });
});
