// commands.test.ts - the SDK's face of shared/client/client_commands, through a real module.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";

import { type GameModule, type GameView, instantiate } from "skirmish-sdk";

const PLAYERS = 8;
const MOST = 16; // SK_COMMANDS_WAITING_MAX
const bytes = Uint8Array.of(0, 1, 254, 255);

describe("commands in a game's module", () => {
  let game: GameModule;
  let view: GameView;

  /** A connection, with what the server says that it has. */
  function connect(commandNumber: number, resumed: boolean): void {
    view = game.open({ playersMax: PLAYERS, options: [] }, new Uint8Array());
    const start = { player: 0, predicts: false, tick: 10, seed: 0n, rttMs: 5, toldTick: 0 };
    view.start({ ...start, resumed, commandNumber }, 100);
  }

  /** What goes out now. */
  function sent(): unknown[] {
    const all: unknown[] = [];
    while (view.next(100) === "command") {
      const { number, type, wantsAnswer, bytes } = view.nextCommand!;
      all.push([number, type, wantsAnswer, [...bytes]]);
      view.sent("command", 100);
    }
    return all;
  }

  beforeAll(async () => {
    const wasm = readFileSync(new URL("../generated/template.wasm", import.meta.url));
    game = await instantiate("template", wasm);
    connect(0, false);
  });

  test("go out once, numbered, as they were given", () => {
    expect(view.command(700, bytes, true)).toBe(1);
    expect(view.command(1, new Uint8Array(256).fill(9), false)).toBe(2);
    expect(view.command(1, new Uint8Array(257), false)).toBe(0);
    expect(sent()).toEqual([[1, 700, true, [0, 1, 254, 255]], [2, 1, false, Array(256).fill(9)]]);
    expect(view.nextCommand).toBeUndefined();
  });

  test("outlast a connection: what the server has not comes again", () => {
    connect(1, true);
    expect(sent()).toEqual([[2, 1, false, Array(256).fill(9)]]);
    expect(view.answered).toBe(0);
    expect([view.takeAnswer(1), view.takeAnswer(1), view.takeAnswer(3)]).toEqual(
      [true, false, false],
    );
    expect(view.answered).toBe(1);
  });

  test("are bounded, and forgotten with the seat", () => {
    for (let number = 3; number <= MOST + 1; number++) {
      expect(view.command(0, bytes, true)).toBe(number);
    }
    expect(view.command(0, bytes, true)).toBe(0);
    connect(0, false);
    expect(sent()).toEqual([]);
    expect(view.command(0, bytes, true)).toBe(1);
  });
});
