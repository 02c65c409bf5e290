// asleep.test.mjs - a page whose program stands still for seconds, as on a laptop that is closed,
// in a debugger or beside a tab that takes all; or that nobody sees.  The connection is as healthy
// as before, and so is the match.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./browser.mjs";
import { startServer } from "./server.mjs";

const isSoak = Boolean(process.env.SK_SOAK); // the whole times, which nobody waits for each day
const PATIENCE = { timeout: 15000 };
const SETTLE_MS = 2000;
const FRESH_MS = 6000; // on a machine with other work
const MARGIN_TICKS_MAX = 12;
const HIDDEN_SECONDS = isSoak ? 300 : 12;
const TOLD_TICKS_MAX = 90; // a second, and what drawing is behind the newest snapshot
const TICK_HZ = 60;
const HEARD_SHARE = 0.8; // of them, at least: a server on a busy machine loses time

function sleep(page, ms) {
  return page.evaluate((ms) => {
    for (const begin = performance.now(); performance.now() - begin < ms; );
  }, ms);
}

/** Stands at a breakpoint, which stops timers and messages too. */
async function pause(page, ms) {
  const session = await page.context().newCDPSession(page);
  await session.send("Debugger.enable");
  const paused = new Promise((done) => session.once("Debugger.paused", done));
  await session.send("Debugger.pause");
  await paused;
  await page.waitForTimeout(ms);
  await session.send("Debugger.resume");
  await session.detach();
}

/** Inputs come in time, and not long before it. */
function isFresh(most) {
  const { marginTicks, repeated } = window.skirmish.line;
  return marginTicks > 0 && marginTicks < most && repeated === 0;
}

function look(page) {
  return page.evaluate(() => {
    const { state, comebacks, line } = window.skirmish;
    return { state, comebacks, resyncs: line.resyncs };
  });
}

async function assertSameConnection(page) {
  const { state, comebacks } = await look(page);
  assert.deepEqual({ state, comebacks }, { state: "playing", comebacks: 0 });
}

async function join(page, url) {
  await page.goto(url);
  await page.click("#create");
  await page.waitForFunction(
    () => window.skirmish.player(window.skirmish.me)?.alive, null, PATIENCE,
  );
  await page.waitForTimeout(SETTLE_MS);
}

describe("a page that slept", () => {
  let server;
  let browser;
  let page;

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    page = await browser.context.newPage();
    await join(page, server.url);
  });

  after(async () => {
    await browser?.close();
    await server?.stop("SIGKILL");
  });

  for (const seconds of isSoak ? [2, 8, 30] : [2, 8]) {
    test(`for ${seconds} s plays on by the same connection, without lag`, async () => {
      await sleep(page, seconds * 1000);
      await page.waitForTimeout(SETTLE_MS);
      await page.waitForFunction(isFresh, MARGIN_TICKS_MAX, { timeout: FRESH_MS });
      await assertSameConnection(page);
    });
  }

  for (const seconds of isSoak ? [8, 30] : [8]) {
    test(`in a debugger for ${seconds} s plays on after one resynchronisation`, async () => {
      const { resyncs } = await look(page);
      await pause(page, seconds * 1000);
      await page.waitForFunction(isFresh, MARGIN_TICKS_MAX, { timeout: FRESH_MS });
      await page.waitForTimeout(SETTLE_MS);
      await assertSameConnection(page);
      assert.equal((await look(page)).resyncs, resyncs + 1);
    });
  }
});

/** Headless Chromium hides no page, so this one is told that it is: no frames come, and timers at
 * most once a second. */
function addHiding() {
  const [frame, timeout] = [window.requestAnimationFrame, window.setTimeout];
  const waiting = [];
  let isHidden = false;
  const get = () => (isHidden ? "hidden" : "visible");
  Object.defineProperty(document, "visibilityState", { get });
  window.requestAnimationFrame = (act) => (isHidden ? waiting.push(act) : frame(act));
  window.setTimeout = (act, ms, ...more) => {
    return timeout(act, isHidden ? Math.max(1000, ms) : ms, ...more);
  };
  window.hide = (on) => {
    isHidden = on;
    document.dispatchEvent(new Event("visibilitychange"));
    if (!on) waiting.splice(0).forEach((act) => frame(act));
  };
}

describe("a page that nobody saw", () => {
  let server;
  let browser;
  let page;

  before(async () => {
    server = await startServer({ flags: ["--bots-fill", "8"] });
    browser = await openBrowser();
    page = await browser.context.newPage();
    await page.addInitScript(addHiding);
    await join(page, server.url);
  });

  after(async () => {
    await browser?.close();
    await server?.stop("SIGKILL");
  });

  test(`for ${HIDDEN_SECONDS} s tells what happened in the last second alone`, async () => {
    await page.evaluate(() => window.hide(true));
    const hiddenAt = await page.evaluate(() => window.skirmish.line.newestTick);
    await page.waitForTimeout(HIDDEN_SECONDS * 1000);
    const { ages, passed } = await page.evaluate(async (hiddenAt) => {
      const { sdk } = window.skirmish;
      const { newestTick } = sdk.figures;
      const ages = [];
      const stop = sdk.onMessage("*", (_message, { tick }) => ages.push(newestTick - tick));
      window.hide(false);
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      stop();
      return { ages, passed: newestTick - hiddenAt };
    }, hiddenAt);
    assert.ok(passed > HIDDEN_SECONDS * TICK_HZ * HEARD_SHARE, `${passed} ticks`);
    assert.ok(ages.length > 0, "eight bots did nothing");
    assert.ok(Math.max(...ages) < TOLD_TICKS_MAX, `${ages}`);
  });

  test("plays on by the same connection, without lag", async () => {
    await page.waitForFunction(isFresh, MARGIN_TICKS_MAX, { timeout: FRESH_MS });
    await assertSameConnection(page);
  });
});
