// box.test.mjs - a black box that the page saved is replayed by skirmish-feel to the same place and
// the same corrections.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./browser.mjs";
import { startServer } from "./server.mjs";

const assets = new URL("../../../assets", import.meta.url).pathname;
const program = join(process.env.SK_BUILD_DIR, "skirmish-feel");
const PLAYED_MS = 6000;

describe("the black box", () => {
  let server;
  let browser;
  let page;
  let folder;

  before(async () => {
    server = await startServer({ flags: ["--bots-fill", "6"] });
    browser = await openBrowser();
    page = await browser.context.newPage();
    folder = mkdtempSync(join(tmpdir(), "box-"));
    await page.goto(server.url);
    await page.click("#create");
    await page.waitForFunction(() => window.skirmish.player(window.skirmish.me)?.alive);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
    if (folder) rmSync(folder, { recursive: true });
  });

  test("replays natively to the same corrections", async () => {
    await page.keyboard.down("KeyD");
    await page.waitForTimeout(PLAYED_MS / 2);
    await page.keyboard.up("KeyD");
    await page.keyboard.down("KeyW");
    await page.waitForTimeout(PLAYED_MS / 2);
    await page.keyboard.up("KeyW");
    const { box, line } = await page.evaluate(() => ({
      box: Array.from(window.skirmish.sdk.blackBox()), line: { ...window.skirmish.line },
    }));
    const file = join(folder, "page.box");
    writeFileSync(file, Uint8Array.from(box));
    const text = execFileSync(program, [file, assets], { encoding: "utf8" });
    const [, corrections, equal] =
      /corrections=(\d+) .* equal=(\d)/.exec(text).map(Number);
    assert.equal(equal, 1, text);
    assert.equal(corrections, line.touched + line.late + line.diverging, text);
  });

  test("is saved by a key", async () => {
    const saved = page.waitForEvent("download");
    await page.keyboard.press("F4");
    assert.equal((await saved).suggestedFilename(), "skirmish.box");
  });
});
