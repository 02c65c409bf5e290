import { describe, expect, test, vi } from "vitest";

import type { Figures, Probed } from "skirmish-sdk";

import {
  type Row, countedSince, drawingRows, inputRows, lineRows, predictionRows, serverRows,
  trafficRows, troubleRows,
} from "../src/overlay/rows";

vi.stubGlobal("document", {});
const { parseLink } = await import("../src/overlay/link_form");

const figures: Figures = {
  rttMs: 42, jitterMs: 3, leadMs: 61, delayMs: 74, underruns: 0, marginTicks: 1.25, repeated: 0,
  gaveWay: 0, matched: 100, late: 0, touched: 0, diverging: 0, confirmed: 0, undone: 0,
  isHeld: false, ageMs: 12, lateInputs: 0, repeatedInputs: 0, newestTick: 600, predictedTick: 609,
  resyncs: 0, offset: 0.0005,
};

const probed: Probed = {
  tick: 600, stepUsP50: 210, stepUsP99: 900, lateUsP50: 40, lateUsP99: 300, droppedTicks: 0,
  rttUs: 41000, unacked: 2, snapshotsHeld: 4, inputsRepeated: 0, viewsClamped: 0,
};

function words(rows: readonly Row[]): string[] {
  return rows.map(({ label, value, word }) => `${label}: ${value} ${word}`.trimEnd());
}

test("a good line is told so, in words", () => {
  expect(words([
    ...lineRows(figures), ...inputRows(figures, figures), ...drawingRows(figures, figures),
    ...predictionRows("on", figures, figures, 0.002),
  ])).toEqual([
    "ping: 42 ms, varies by 3 ms near",
    "snapshot: 12 ms old fresh",
    "inputs: 61 ms ahead, 1.3 ticks to spare in time",
    "a minute: 0 late, 0 missing none lost",
    "others: 74 ms ago, 0 waits smooth",
    "prediction: 9 ticks ahead",
    "corrections: 0 by others, 0 late, of 100 agrees",
    "drawn off by: 0.05%, 0.20% at worst true",
    "desync: 0 snapshots none",
  ]);
});

describe("each figure has its own verdict", () => {
  test.each([
    ["far away", () => lineRows({ ...figures, rttMs: 300 })[0], "poor"],
    ["an unsteady line", () => lineRows({ ...figures, jitterMs: 25 })[0], "fair"],
    ["no snapshot for long", () => lineRows({ ...figures, ageMs: 900 })[1], "poor"],
    ["late inputs", () => inputRows({ ...figures, marginTicks: -0.5 }, figures)[0], "poor"],
    ["inputs that wait", () => inputRows({ ...figures, isHeld: true }, figures)[0], "poor"],
    ["one missing", () => inputRows(figures, { ...figures, repeatedInputs: 1 })[1], "fair"],
    ["waits in drawing", () => drawingRows(figures, { ...figures, underruns: 9 })[0], "poor"],
    ["corrections", () => predictionRows("on", figures, { ...figures, touched: 2 }, 0)[1], "fair"],
    ["a large one", () => predictionRows("on", figures, figures, 0.02)[2], "poor"],
    ["desync", () => predictionRows("on", figures, { ...figures, diverging: 1 }, 0)[3], "poor"],
    ["a slow server", () => serverRows({ ...probed, stepUsP99: 20000 }, 60)[0], "poor"],
    ["one that is late", () => serverRows({ ...probed, lateUsP99: 12000 }, 60)[1], "fair"],
    ["one that lost time", () => serverRows({ ...probed, droppedTicks: 9 }, 60)[1], "poor"],
  ])("%s", (_what, rowOf, verdict) => {
    expect(rowOf()?.verdict).toBe(verdict);
  });
});

test("who predicts nothing is told so", () => {
  const [row, ...more] = predictionRows("spectator", { ...figures, predictedTick: 0 }, figures, 0);
  expect([row?.value, more]).toEqual(["none: you only look", []]);
});

test("what went wrong is named with its place", () => {
  const trouble = { what: "diverged" as const, words: "player 3, x, tick 700: 1, told 2" };
  expect([...troubleRows(undefined), ...troubleRows(trouble)]).toEqual(
    [{ label: "diverged", value: trouble.words, word: "", verdict: "poor" }],
  );
});

test("traffic is told a second, with the usual and the large message", () => {
  const way = { bytesPerSecond: 3440, p50Bytes: 60, p95Bytes: 121 };
  expect(words(trafficRows({ up: way, down: way }, 700))).toEqual([
    "down: 3.4 kB/s, 60 / 121 B", "up: 3.4 kB/s, 60 / 121 B", "unsent: 700 B busy",
  ]);
});

test("the server is told of in words", () => {
  expect(words(serverRows(undefined, 60))).toEqual(["server: has not said yet"]);
  expect(words(serverRows(probed, 60))).toEqual([
    "server: 0.21 ms a tick, 0.90 ms at worst quick",
    "its clock: 0.30 ms late, 0 ticks lost steady",
    "it sent: 2 under way, 4 held back",
  ]);
});

test("what was counted is what came since", () => {
  const { underruns, matched } = countedSince({ ...figures, underruns: 5 }, figures);
  expect([underruns, matched]).toEqual([5, 0]);
});

describe("the address sets a worse line", () => {
  test("by name, loss in percent", () => {
    expect(parseLink("lag:150,variance:20,loss:2,rate:9000,stall:900,seed:7")).toEqual({
      lagMs: 150, varianceMs: 20, lossShare: 0.02, bytesPerSecond: 9000, stallMs: 900, seed: 7,
    });
  });

  test("and what makes no sense sets nothing", () => {
    expect(parseLink("lag:-5,variance:x,,loss")).toEqual({
      lagMs: 0, varianceMs: 0, lossShare: 0, bytesPerSecond: 0, stallMs: 0, seed: 1,
    });
  });
});
