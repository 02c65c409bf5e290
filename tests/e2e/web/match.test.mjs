// match.test.mjs - two tabs play each other in headless Chromium, over ws and over wss.
//
// What a tab shows is asked through the page's own `skirmish` hook; that the other tab shows the
// same proves that it went through the server.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./browser.mjs";
import { build, startServer } from "./server.mjs";

const PATIENCE_MS = 15000;
const pictures = join(build, "pictures");

/** Keeps the page's sockets in reach, so that a test can cut a connection as a network would. */
function keepSockets() {
  const sockets = [];
  globalThis.WebSocket = class extends WebSocket {
    constructor(...words) {
      super(...words);
      sockets.push(this);
    }
  };
  globalThis.cutConnection = () => sockets.at(-1).close();
}

async function openPage(context, url, name) {
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.stack));
  page.on("console", (line) => {
    if (line.text().startsWith("prediction ")) faults.push(line.text()); // it must not go wrong
  });
  await page.addInitScript(keepSockets);
  await page.goto(url);
  await page.fill("#name", name);
  return { page, faults };
}

async function playing(page) {
  await page.waitForFunction(() => window.skirmish.state === "playing", null, {
    timeout: PATIENCE_MS,
  });
}

function see(page, player) {
  return page.evaluate((number) => ({ ...window.skirmish.player(number) }), player);
}

async function waitForAlive(page, player) {
  await page.waitForFunction((number) => window.skirmish.player(number)?.alive, player, {
    timeout: PATIENCE_MS,
  });
}

/** Resolves when the player is seen `tiles` away from a place. */
function seenAwayFrom(page, player, { x, y }, tiles, timeout = PATIENCE_MS) {
  return page.waitForFunction(
    (from) => {
      const seen = window.skirmish.player(from.player);
      return Math.hypot(seen.x - from.x, seen.y - from.y) > from.tiles;
    },
    { player, x, y, tiles }, { timeout },
  );
}

/** Holds one key after another until the player has moved: walls may be in the way of some. */
async function walk(page, me) {
  const from = await see(page, me);
  for (const key of ["KeyD", "KeyA", "KeyS", "KeyW"]) {
    await page.keyboard.down(key);
    const moved = await seenAwayFrom(page, me, from, 1, 3000).then(() => true, () => false);
    await page.keyboard.up(key);
    if (moved) return;
  }
  assert.fail("no key moved the player");
}

for (const tls of [false, true]) {
  describe(tls ? "over wss" : "over ws", () => {
    let server;
    let browser;
    let [ann, ben] = [];

    before(async () => {
      mkdirSync(pictures, { recursive: true });
      server = await startServer({ tls });
      browser = await openBrowser();
      ann = await openPage(browser.context, server.url, "Ann");
      await ann.page.click("#create");
      await playing(ann.page);
      const room = await ann.page.evaluate(() => window.skirmish.room);
      ben = await openPage(browser.context, `${server.url}/?room=${room}`, "Ben");
      await ben.page.click("#quick");
      await playing(ben.page);
    });

    after(async () => {
      await browser?.close();
      await server?.stop("SIGKILL");
    });

    test("both are in the same room and see each other", async () => {
      for (const { page } of [ann, ben]) {
        await page.waitForFunction(() => window.skirmish.players() >= 2, null, {
          timeout: PATIENCE_MS,
        });
      }
      const rooms = await Promise.all(
        [ann, ben].map(({ page }) => page.evaluate(() => window.skirmish.room)),
      );
      assert.equal(rooms[0], rooms[1]);
      assert.match(new URL(ben.page.url()).searchParams.get("room"), /^\w{6}$/);
    });

    test("a key moves the player, and the other tab sees it", async () => {
      const me = await ann.page.evaluate(() => window.skirmish.me);
      await waitForAlive(ann.page, me);
      await waitForAlive(ben.page, me);
      const before = await see(ben.page, me);
      await walk(ann.page, me);
      await seenAwayFrom(ben.page, me, before, 0.8);
    });

    test("the mouse turns the player, and the other tab sees it", async () => {
      const me = await ann.page.evaluate(() => window.skirmish.me);
      for (const [x, y, want] of [[1270, 360, "east"], [10, 360, "west"]]) {
        await ann.page.mouse.move(x, y);
        await ben.page.waitForFunction(
          ({ number, side }) => {
            const east = Math.cos(window.skirmish.player(number).aim);
            return side === "east" ? east > 0.3 : east < -0.3;
          },
          { number: me, side: want },
          { timeout: PATIENCE_MS },
        );
      }
    });

    test("a picture of it", async () => {
      await ann.page.mouse.down();
      await ann.page.waitForTimeout(700);
      await ann.page.screenshot({ path: join(pictures, `match-${tls ? "wss" : "ws"}.png`) });
      await ann.page.mouse.up();
    });

    test("a cut connection comes back to the same seat by itself", async () => {
      const me = await ann.page.evaluate(() => window.skirmish.me);
      await ann.page.evaluate(() => cutConnection());
      await ann.page.waitForFunction(() => window.skirmish.comebacks === 1, null, {
        timeout: PATIENCE_MS,
      });
      await playing(ann.page);
      assert.equal(await ann.page.evaluate(() => window.skirmish.me), me);
      await ben.page.waitForFunction((n) => window.skirmish.player(n) !== undefined, me);
    });

    test("when the server dies the player reads so", async () => {
      await server.stop("SIGKILL");
      for (const { page } of [ann, ben]) {
        await page.waitForFunction(
          () => document.querySelector("#words").innerText.includes("Connection lost"), null,
          { timeout: PATIENCE_MS },
        );
      }
      await ann.page.screenshot({ path: join(pictures, `lost-${tls ? "wss" : "ws"}.png`) });
    });

    test("no script failed", () => {
      assert.deepEqual([...ann.faults, ...ben.faults], []);
    });
  });
}
