import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";

import { type GameModule, type GameView, instantiate } from "skirmish-sdk";

const wasm = readFileSync(new URL("../generated/arena.wasm", import.meta.url));
const map = readFileSync(new URL("../../../../assets/maps/arena.txt", import.meta.url));
const standard = { playersMax: 16, options: [240, 30, 120, 1, 0, 0] };

describe("the arena module", () => {
  let game: GameModule;
  let view: GameView;

  beforeAll(async () => {
    game = await instantiate("arena", wasm);
    view = game.open(standard, map);
  });

  test("knows the layout that it was built with", () => {
    expect(view.layoutHash).not.toBe(0n);
    expect(game.open({ ...standard, playersMax: 8 }, map).layoutHash).not.toBe(view.layoutHash);
    expect(game.open(standard, map).layoutHash).toBe(view.layoutHash);
  });

  test("refuses a room that no server opens", () => {
    expect(() => game.open({ ...standard, playersMax: 5000 }, map)).toThrow();
    view = game.open(standard, map);
  });

  test("calls bytes that no server writes broken and shows nothing", () => {
    const shown: number[] = [];
    const start = {
      player: 0, predicts: true, tick: 100, seed: 1n, rttMs: 10, toldTick: 0, resumed: false,
      commandNumber: 0,
    };
    view.start(start, 10);
    expect(view.take(new Uint8Array([1, 2, 3]), 20)).toBe("broken");
    expect(view.take(new Uint8Array(70000), 20)).toBe("broken");
    view.draw(10, (kind) => shown.push(kind));
    expect(shown).toEqual([]);
    expect(view.newestTick).toBe(0);
    expect(view.takeEvent()).toBeUndefined();
    expect(view.read(0, 0, [])).toBe(0);
  });

  test.each([[undefined, 60, 60], [20, 19, 21]])(
    "at an input rate of %s a second of inputs goes out in %i to %i messages",
    (inputRate, min, max) => {
      const start = {
        player: 0, predicts: false, tick: 100, seed: 1n, rttMs: 10, toldTick: 0, resumed: false,
        commandNumber: 0, inputRate,
      };
      const rated = game.open(standard, map);
      rated.start(start, 0);
      let messages = 0;
      let ticks = 0;
      for (let nowMs = 1; nowMs <= 1000; nowMs++) {
        ticks += rated.sample({ buttons: 0, axes: [0, 0, 0, 0] }, nowMs);
        if (rated.next(nowMs) !== "inputs") continue;
        messages++;
        rated.sent("inputs", nowMs);
      }
      expect(ticks).toBe(60);
      expect(messages).toBeGreaterThanOrEqual(min);
      expect(messages).toBeLessThanOrEqual(max);
      view = game.open(standard, map);
    },
  );

  test("a map that cannot be read is refused", async () => {
    const other = await instantiate("arena", wasm);
    const source = new TextEncoder().encode("map Broken\n####\n#Z.#\n####\n");
    expect(() => other.open(standard, source)).toThrow("map");
  });
});
