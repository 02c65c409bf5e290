// restart.test.mjs - what a player reads when the server goes away and comes back.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";

import { openBrowser } from "./browser.mjs";
import { build, startServer } from "./server.mjs";

const PATIENCE = { timeout: 15000 };
const pictures = join(build, "pictures");

/** Resolves when the page says something like `pattern` anywhere. */
function reads(page, pattern) {
  return page.waitForFunction(
    (source) => new RegExp(source).test(document.body.innerText), pattern.source, PATIENCE,
  );
}

describe("a server that goes away", () => {
  let server;
  let browser;
  let page;

  beforeEach(async () => {
    mkdirSync(pictures, { recursive: true });
    server = await startServer({ flags: ["--drain-seconds", "2"] });
    browser = await openBrowser();
    page = await browser.context.newPage();
    await page.goto(server.url);
    await page.click("#quick");
    await page.waitForFunction(() => window.skirmish.state === "playing", null, PATIENCE);
  });

  afterEach(async () => {
    await browser?.close();
    await server?.stop("SIGKILL");
  });

  test("killed and started without its state: the page offers a new match", async () => {
    const { url, ws } = server;
    await server.stop("SIGKILL");
    await reads(page, /Connection lost/);
    assert.ok(!/seat is kept/.test(await page.innerText("#words")));
    server = await startServer({ listen: new URL(ws).host });
    await page.waitForFunction(
      () => document.body.classList.contains("joining"), null, PATIENCE,
    );
    await page.screenshot({ path: join(pictures, "started-anew.png") });
    assert.match(await page.textContent("#join-error"), /started anew/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "quick");
    assert.equal(new URL(url).searchParams.get("room"), null);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.skirmish.state === "playing", null, PATIENCE);
  });

  test("away while somebody joins: the page says that it tries again, and gets in", async () => {
    const other = await browser.context.newPage();
    await other.goto(server.url);
    await server.stop("SIGKILL");
    await other.click("#quick");
    await reads(other, /does not answer, trying again/);
    await other.screenshot({ path: join(pictures, "trying-again.png") });
    server = await startServer({ listen: new URL(server.ws).host });
    await other.waitForFunction(
      () => window.skirmish.state === "playing", null, { timeout: 30000 },
    );
  });

  test("stopped as planned: the page says so, before and after", async () => {
    const ended = server.stop("SIGTERM");
    await reads(page, /The server restarts in \d s/);
    await page.screenshot({ path: join(pictures, "planned-notice.png") });
    await ended;
    await reads(page, /The server restarts\.\s+Trying/);
    assert.ok(!/Connection lost/.test(await page.innerText("#words")));
    await page.screenshot({ path: join(pictures, "planned-stop.png") });
    server = await startServer({ listen: new URL(server.ws).host });
    await reads(page, /The server has restarted/);
  });
});
