// script.test.mjs - the same keys at 0 and at 150 ms of round trip: the own player ends in exactly
// the same state, and nothing that was predicted alone was ever corrected.
//
// A hand is never the same to the tick, so the script drives into walls, in an empty hall of the
// test's own: its corner is the same place however one came there.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./browser.mjs";
import { startServer } from "./server.mjs";

const PATIENCE = { timeout: 15000 };
const WIDTH = 14;
const HEIGHT = 10;
const SETTLE_MS = 2000;
const REST_MS = 3000; // longer than any cooldown
const PRESS_MS = 120;
const TILE = 16384;

/** A hall without anything, two spawns in it. */
function hall() {
  const wall = "#".repeat(WIDTH);
  const floor = `#${".".repeat(WIDTH - 2)}#`;
  const spawns = `#.S${".".repeat(WIDTH - 6)}S.#`;
  const rows = Array.from({ length: HEIGHT - 2 }, (_, i) => (i === 3 ? spawns : floor));
  return ["map Hall", wall, ...rows, wall, ""].join("\n");
}

const script = [
  ["hold", "KeyD", 2500], ["hold", "KeyW", 2000], ["hold", "KeyA", 700], ["press", "ShiftLeft"],
  ["press", "Digit2"], ["rest", 500], ["press", "Space"], ["rest", 1500], ["press", "Space"],
  ["hold", "KeyD", 2500], ["press", "ShiftLeft"], ["hold", "KeyS", 3000],
];

async function play(page) {
  for (const [what, key, ms = PRESS_MS] of script) {
    if (what !== "rest") await page.keyboard.down(key);
    await page.waitForTimeout(what === "rest" ? key : ms);
    if (what !== "rest") await page.keyboard.up(key);
  }
  await page.waitForTimeout(REST_MS);
}

describe("a script of keys", () => {
  const folder = mkdtempSync(join(tmpdir(), "skirmish-hall-"));
  const ends = new Map();
  const errors = [];
  let server;
  let browser;

  before(async () => {
    mkdirSync(join(folder, "maps"));
    writeFileSync(join(folder, "maps/arena.txt"), hall());
    server = await startServer({ assets: folder });
    browser = await openBrowser();
  });

  after(async () => {
    await browser?.close();
    await server?.stop("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  for (const lagMs of [0, 150]) {
    test(`at ${lagMs} ms is predicted without one correction`, async () => {
      const page = await browser.context.newPage();
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
      await page.goto(`${server.url}?link=lag:${lagMs}`);
      await page.click("#create");
      await page.waitForFunction(
        () => window.skirmish.player(window.skirmish.me)?.alive, null, PATIENCE,
      );
      await page.waitForTimeout(SETTLE_MS);
      await play(page);
      const { own, line } = await page.evaluate(() => {
        const { sdk, line } = window.skirmish;
        return { own: { ...sdk.state.player.get(sdk.me).own }, line };
      });
      await page.close();
      ends.set(lagMs, own);
      assert.ok(line.matched > 100, JSON.stringify(line));
      assert.deepEqual([line.touched, line.diverging], [0, 0], JSON.stringify(line));
      assert.ok(line.rttMs >= lagMs && line.leadMs >= lagMs / 2, JSON.stringify(line));
    });
  }

  test("ends in exactly the same state, in the corner, with both slugs shot", () => {
    assert.deepEqual(ends.get(150), ends.get(0));
    const { x, y, speed_x, speed_y, slugs } = ends.get(0);
    assert.ok(x > (WIDTH - 2) * TILE && y > (HEIGHT - 2) * TILE, `${x}, ${y}`);
    assert.deepEqual([speed_x, speed_y, slugs], [0, 0, 0]);
  });

  test("no script failed", () => assert.deepEqual(errors, []));
});
