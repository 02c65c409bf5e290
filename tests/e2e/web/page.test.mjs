// page.test.mjs - the page by itself: what a wrong code says, a phone, a link that is shared.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./browser.mjs";
import { build, startServer } from "./server.mjs";

const PATIENCE = { timeout: 15000 };
const pictures = join(build, "pictures");

describe("the page", () => {
  let server;
  let browser;

  before(async () => {
    mkdirSync(pictures, { recursive: true });
    server = await startServer({ flags: ["--bots-fill", "4"] });
    browser = await openBrowser({ viewport: { width: 844, height: 390 }, hasTouch: true });
  });

  after(async () => {
    await browser?.close();
    await server?.stop("SIGKILL");
  });

  test("a code that is none is refused in words", async () => {
    const page = await browser.context.newPage();
    await page.goto(server.url);
    await page.fill("#code", "ZZZZZZ");
    await page.click("#join-code");
    await page.waitForFunction(
      () => document.querySelector("#join-error").textContent.includes("no such room"), null,
      PATIENCE,
    );
    assert.equal(await page.evaluate(() => document.body.className), "joining");
    await page.close();
  });

  test("an open match can be joined from the list", async () => {
    const [first, second] = [await browser.context.newPage(), await browser.context.newPage()];
    await first.goto(server.url);
    await first.click("#quick");
    await first.waitForFunction(() => window.skirmish.state === "playing", null, PATIENCE);
    await second.goto(server.url);
    await second.click("#rooms button", PATIENCE);
    await second.waitForFunction(() => window.skirmish.state === "playing", null, PATIENCE);
    const room = await second.evaluate(() => window.skirmish.room);
    assert.equal(room, await first.evaluate(() => window.skirmish.room));
    await Promise.all([first.close(), second.close()]);
  });

  test("a thumb on the left half walks", async () => {
    const page = await browser.context.newPage();
    await page.goto(server.url);
    await page.click("#quick");
    await page.waitForFunction(
      () => window.skirmish.player(window.skirmish.me)?.alive, null, PATIENCE,
    );
    const thumb = await browser.context.newCDPSession(page);
    const from = await page.evaluate(() => ({ ...window.skirmish.player(window.skirmish.me) }));
    let moved = false;
    for (const [x, y] of [[60, 0], [-60, 0], [0, 60], [0, -60]]) {
      await touch(thumb, "touchStart", 160, 240);
      await touch(thumb, "touchMove", 160 + x, 240 + y);
      moved = await page.waitForFunction(
        ({ x, y }) => {
          const own = window.skirmish.player(window.skirmish.me);
          return Math.hypot(own.x - x, own.y - y) > 1;
        },
        from, { timeout: 3000 },
      ).then(() => true, () => false);
      if (moved) await page.screenshot({ path: join(pictures, "phone.png") });
      await thumb.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
      if (moved) break;
    }
    assert.ok(moved, "no direction moved the player");
  });
});

function touch(session, type, x, y) {
  return session.send("Input.dispatchTouchEvent", { type, touchPoints: [{ x, y }] });
}
