// shot.test.mjs - a rail shot at 150 ms, explained: who was drawn where, and how the server judged
// it.  The hall is the test's own, without cover.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./browser.mjs";
import { build, startServer } from "./server.mjs";

const PATIENCE = { timeout: 15000 };
const SETTLE_MS = 2500; // who has just appeared is shielded
const SHOTS = 4;
const LINK = "?link=lag:150,variance:10,seed:3";
const pictures = join(build, "pictures");
const floor = `#${".".repeat(14)}#`;
const spawns = `#.S${".".repeat(10)}S.#`;
const wall = "#".repeat(16);
const hall = ["map Hall", wall, floor, floor, spawns, floor, floor, wall, ""].join("\n");

async function enter(browser, url, screen) {
  const page = await browser.context.newPage();
  await page.goto(url);
  await page.click(screen);
  await page.waitForFunction(
    () => window.skirmish.player(window.skirmish.me)?.alive, null, PATIENCE,
  );
  return page;
}

/** Points at the other player as he is drawn. */
async function aim(page) {
  const at = await page.evaluate(() => {
    const { sdk, me, placeOf, player } = window.skirmish;
    const other = [...sdk.state.player].find(({ slot }) => slot !== me);
    const [own, him] = [player(me), player(other.slot)];
    const from = placeOf(own.x, own.y);
    const turn = Math.atan2(him.y - own.y, him.x - own.x);
    return { x: from.x + 90 * Math.cos(turn), y: from.y + 90 * Math.sin(turn) };
  });
  await page.mouse.move(at.x, at.y);
}

describe("the last rail shot", () => {
  const folder = mkdtempSync(join(tmpdir(), "skirmish-shot-"));
  const errors = [];
  let server;
  let browser;
  let page;

  before(async () => {
    mkdirSync(pictures, { recursive: true });
    mkdirSync(join(folder, "maps"));
    writeFileSync(join(folder, "maps/arena.txt"), hall);
    server = await startServer({ assets: folder });
    browser = await openBrowser({ viewport: { width: 1280, height: 800 } });
    const other = await enter(browser, server.url, "#create");
    const room = await other.evaluate(() => window.skirmish.room);
    page = await enter(browser, `${server.url}${LINK}&room=${room}`, "#join-code");
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
    await page.bringToFront();
    await page.waitForFunction(() => window.skirmish.players() === 2, null, PATIENCE);
    await page.waitForTimeout(SETTLE_MS);
  });

  after(async () => {
    await browser?.close();
    await server?.stop("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  test("is explained on a key, before there is any", async () => {
    await page.keyboard.press("F2");
    await page.waitForSelector("#shot", { state: "visible", ...PATIENCE });
    assert.match(await page.innerText("#shot"), /not fired the rail/);
  });

  test("is explained as it was seen and as it was judged", async () => {
    const heard = page.evaluate(() => new Promise((done) => {
      window.skirmish.sdk.onMessage("judged", (judged) => done({ ...judged }));
    }));
    await page.keyboard.press("Digit2");
    for (let i = 0; i < SHOTS; i++) {
      await aim(page);
      await page.waitForTimeout(100);
      await page.keyboard.press("Space");
      const isJudged = await page.waitForFunction(
        () => /It (hit|missed)/.test(document.querySelector("#shot").innerText), null,
        { timeout: 2500 },
      ).then(() => true, () => false);
      if (isJudged) break;
    }
    const words = await page.innerText("#shot");
    assert.match(words, /^It hit \w+/, words);
    assert.match(words, /On your screen it passed 0\.[0-4]\d tiles from the middle/, words);
    assert.match(words, /Judged (1[5-9]|[2-6]\d)\d ms back/); // a busy machine draws later
    assert.match(words, /No limit bit|Your view/);
    assert.ok((await heard).target > 0);
    await page.screenshot({ path: join(pictures, "shot.png") });
  });

  test("goes away by the same key, and no script failed", async () => {
    await page.keyboard.press("F2");
    await page.waitForSelector("#shot", { state: "hidden", ...PATIENCE });
    assert.deepEqual(errors, []);
  });
});
