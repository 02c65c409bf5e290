// overlay.test.mjs - a match at 150 ms by the page's own link simulator: the overlay says so in
// words and costs next to nothing, and a stall of 2.2 s costs no connection.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./browser.mjs";
import { build, startServer } from "./server.mjs";

const PATIENCE = { timeout: 15000 };
const SETTLE_MS = 3000;
const STALL_MS = 2200;
const FRESH_MS = 6000; // on a machine with other work
const LOOKS = 200;
const LINK = "?link=lag:150,variance:20,seed:5";
const screens = {
  desk: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};
const pictures = join(build, "pictures");

/** What a line of the panel says, by its label. */
function said(page, label) {
  return page.evaluate((label) => {
    const lines = [...document.querySelectorAll("#overlay p")];
    return lines.find((line) => line.firstChild.textContent === label)?.textContent ?? "";
  }, label);
}

/** Whether the panel, and all it says, lies on the page. */
function fits(page) {
  return page.evaluate(() => {
    const box = document.querySelector("#overlay").getBoundingClientRect();
    const cut = [...document.querySelectorAll("#overlay b")].filter((value) => {
      return value.scrollWidth > value.clientWidth;
    });
    const isInside = box.left >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
    return { isInside, cut: cut.map((value) => value.textContent) };
  });
}

for (const [name, screen] of Object.entries(screens)) {
  describe(`the overlay on a ${name}'s screen`, () => {
    const errors = [];
    let server;
    let browser;
    let page;

    before(async () => {
      mkdirSync(pictures, { recursive: true });
      server = await startServer({ flags: ["--bots-fill", "4"] });
      browser = await openBrowser(screen);
      page = await browser.context.newPage();
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
      await page.goto(server.url + LINK);
      await page.click("#create");
      await page.waitForFunction(
        () => window.skirmish.player(window.skirmish.me)?.alive, null, PATIENCE,
      );
    });

    after(async () => {
      await browser?.close();
      await server?.stop("SIGKILL");
    });

    test("is opened by a key and says what the line is like", async () => {
      assert.equal(await page.isVisible("#overlay"), false);
      await page.keyboard.press("F3");
      await page.waitForTimeout(SETTLE_MS);
      const ping = await said(page, "ping");
      const ms = Number(/(\d+) ms/.exec(ping)?.[1]);
      assert.ok(ms >= 145 && ms <= 300, ping);
      assert.match(ping, /usable|rough/);
      assert.match(await said(page, "prediction"), /[1-9]\d* ticks ahead/);
      assert.match(await said(page, "server"), /[0-9.]+ ms a tick/);
      assert.match(await said(page, "desync"), /^desync0 snapshotsnone$/);
      assert.match(await said(page, "down"), /[0-9.]+ kB\/s, [1-9]\d* \/ [1-9]\d* B/);
      await page.screenshot({ path: join(pictures, `overlay-${name}.png`) });
      assert.deepEqual(await fits(page), { isInside: true, cut: [] });
    });

    test("costs less than a millisecond a look", async () => {
      const ms = await page.evaluate((looks) => {
        const beginMs = performance.now();
        for (let i = 0; i < looks; i++) window.skirmish.overlay.sample();
        return (performance.now() - beginMs) / looks;
      }, LOOKS);
      assert.ok(ms < 1, `${ms} ms`);
    });

    test("a stall of 2.2 s costs no connection, and inputs are fresh again", async () => {
      await page.evaluate((ms) => window.skirmish.link.stall(ms), STALL_MS);
      await page.waitForTimeout(STALL_MS + 1000);
      await page.waitForFunction(() => {
        const { marginTicks, repeated, ageMs } = window.skirmish.line;
        return marginTicks > 0 && marginTicks < 12 && repeated === 0 && ageMs < 300;
      }, null, { timeout: FRESH_MS });
      const { state, comebacks } = await page.evaluate(() => {
        const { state, comebacks } = window.skirmish;
        return { state, comebacks };
      });
      assert.deepEqual({ state, comebacks }, { state: "playing", comebacks: 0 });
    });

    test("stays as it was over a reload, and is closed by the other key", async () => {
      await page.reload();
      await page.click("#create");
      await page.waitForSelector("#overlay", { state: "visible", ...PATIENCE });
      await page.keyboard.press("Backquote");
      await page.waitForSelector("#overlay", { state: "hidden", ...PATIENCE });
    });

    test("no script failed", () => assert.deepEqual(errors, []));
  });
}
