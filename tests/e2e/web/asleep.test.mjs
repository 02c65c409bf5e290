// asleep.test.mjs - a page whose program stands still for seconds, as on a laptop that is closed or
// beside a tab that takes all: the connection is as healthy as before, and so is the match.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./browser.mjs";
import { startServer } from "./server.mjs";

const PATIENCE = { timeout: 15000 };
const SETTLE_MS = 2000;
const FRESH_MS = 6000; // on a machine with other work
const MARGIN_TICKS_MAX = 12;

function sleep(page, ms) {
  return page.evaluate((ms) => {
    for (const begin = performance.now(); performance.now() - begin < ms; );
  }, ms);
}

/** Inputs come in time, and not long before it. */
function isFresh(most) {
  const { marginTicks, repeated } = window.skirmish.line;
  return marginTicks > 0 && marginTicks < most && repeated === 0;
}

describe("a page that slept", () => {
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
    await page.waitForTimeout(SETTLE_MS);
  });

  after(async () => {
    await browser?.close();
    await server?.stop("SIGKILL");
  });

  for (const seconds of [2, 8]) {
    test(`for ${seconds} s plays on by the same connection, without lag`, async () => {
      await sleep(page, seconds * 1000);
      await page.waitForTimeout(SETTLE_MS);
      await page.waitForFunction(isFresh, MARGIN_TICKS_MAX, { timeout: FRESH_MS });
      const { state, comebacks } = await page.evaluate(() => {
        const { state, comebacks } = window.skirmish;
        return { state, comebacks };
      });
      assert.deepEqual({ state, comebacks }, { state: "playing", comebacks: 0 });
    });
  }
});
