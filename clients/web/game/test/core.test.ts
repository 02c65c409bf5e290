// core.test.ts - the SDK's face of the client core answers as the native build did: each call of
// tests/sim/core_script.c, which that program of the native build writes down.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";

import { type GameView, type Send, instantiate } from "skirmish-sdk";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const build = process.env.SK_BUILD_DIR ?? `${root}/build/release`;
const PLAYERS = 8;
const TICK = 600;
const US = 1000; // of a millisecond
const TICK_MS = 1000 / 60;
const results = { applied: 0, stale: -10, mismatch: -11, broken: -1 };
const sends: readonly Send[] = ["nothing", "inputs", "ack", "keyframeRequest", "command"];

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g)!, (byte) => parseInt(byte, 16));
}

/** Makes one call and says what it answered. */
function call(view: GameView, name: string, values: string[]): unknown[] {
  const [us = "", second = "", third = ""] = values;
  const nowMs = Number(us) / US;
  switch (name) {
    case "start": {
      const [tick, rttMs] = [Number(us), Number(second) / US];
      const start = {
        player: 0, predicts: false, tick, seed: 0n, rttMs, toldTick: 0, resumed: false,
        commandNumber: 0,
      };
      view.start(start, Number(third) / US);
      return [];
    }
    case "take":
      return [results[view.take(bytesOf(second), nowMs)]];
    case "render":
      return [(view.render(nowMs) ?? -1).toFixed(8)];
    case "press":
      view.press(Number(us));
      return [];
    case "sample": {
      const count = view.sample({ buttons: Number(second), axes: [Number(third), 0, 0, 0] }, nowMs);
      return [count, view.sampledTick, view.pending.length];
    }
    case "pending": {
      const { buttons, axes, viewTick, viewInterval, viewFraction } = view.pending[Number(us)]!;
      return [buttons, axes[0], viewTick, viewInterval, viewFraction];
    }
    case "next":
      return [sends.indexOf(view.next(nowMs))];
    case "sent":
      view.sent(sends[Number(second)]!, nowMs);
      return [];
    case "figures": {
      const { rttMs, jitterMs, leadMs, delayMs, underruns } = view.figures(nowMs);
      const us = [rttMs, jitterMs, leadMs, delayMs].map((ms) => Math.round(ms * US));
      return [...us, underruns];
    }
  }
  throw new Error(`no such call: ${name}`);
}

describe("the client core", () => {
  const leadsMs: number[] = [];
  let view: GameView;
  let script: string[];

  beforeAll(async () => {
    const wasm = readFileSync(new URL("../generated/template.wasm", import.meta.url));
    const game = await instantiate("template", wasm);
    view = game.open({ playersMax: PLAYERS, options: [] }, new Uint8Array());
    const program = `${build}/tests/core_script_gcc_O2`;
    const written = execFileSync(program, [`${PLAYERS}`, `${TICK}`], { maxBuffer: 1 << 24 });
    script = written.toString().trimEnd().split("\n");
  });

  test("answers each call as the native build does", () => {
    for (const line of script) {
      const [words] = line.split(" =");
      const [name, ...values] = words!.split(" ");
      const answers = call(view, name!, values);
      expect([`${words} =`, ...answers].join(" ")).toBe(line);
      if (name === "figures") leadsMs.push(view.figures(Number(values[0]) / US).leadMs);
    }
    expect(script.length).toBeGreaterThan(5000);
  });

  test("does not let the lead leap for 2.2 s of silence, nor for 8 s asleep", () => {
    const [settled, ...later] = leadsMs;
    expect(later).toHaveLength(6);
    for (const lead of later) expect(Math.abs(lead - settled!)).toBeLessThan(2 * TICK_MS);
  });
});
