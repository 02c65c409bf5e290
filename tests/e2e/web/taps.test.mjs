// taps.test.mjs - a key that is let go of before a frame has seen it counts all the same.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./browser.mjs";
import { startServer } from "./server.mjs";

const PATIENCE = { timeout: 15000 };
const TAPS = 30;
const APART_MS = 250; // the blaster is ready again after 150

/** Taps Space, each for heldMs, and says how many shots of our own were shown. */
function tap(page, heldMs) {
  return page.evaluate(
    async ({ heldMs, taps, apartMs }) => {
      const wait = (ms) => new Promise((done) => setTimeout(done, ms));
      const key = (type) => document.querySelector("#stage").dispatchEvent(
        new KeyboardEvent(type, { code: "Space", bubbles: true }),
      );
      const before = window.skirmish.ownShots;
      for (let i = 0; i < taps; i++) {
        key("keydown");
        if (heldMs > 0) await wait(heldMs);
        key("keyup");
        await wait(apartMs + i); // not in step with the frames
      }
      await wait(500);
      return window.skirmish.ownShots - before;
    },
    { heldMs, taps: TAPS, apartMs: APART_MS },
  );
}

describe("a tap shorter than a frame", () => {
  let server;
  let browser;
  let page;

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    page = await browser.context.newPage();
    await page.goto(server.url);
    await page.click("#create");
    await page.waitForFunction(
      () => window.skirmish.player(window.skirmish.me)?.alive, null, PATIENCE,
    );
    await page.waitForTimeout(1500); // lead and frame rate settle
  });

  after(async () => {
    await browser?.close();
    await server?.stop("SIGKILL");
  });

  for (const heldMs of [0, 8, 16]) {
    test(`of ${heldMs} ms fires each time`, async () => {
      assert.equal(await tap(page, heldMs), TAPS);
    });
  }
});
