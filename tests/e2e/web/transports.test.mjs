// transports.test.mjs - a browser in one room with bots that come over WebSocket and over ENet.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { openBrowser } from "./browser.mjs";
import { build, startServer } from "./server.mjs";

const PATIENCE = { timeout: 15000 };
const BOTS = 3; // by each transport
const SECONDS = 12;

let server;
let browser;

/** Bots that play for a while; resolves with what they measured. */
async function play(transport) {
  const url = `http://${new URL(server.ws).host}`;
  const { stdout } = await promisify(execFile)(join(build, "skirmish-bots"), [
    "--url", url, "--transport", transport, "--bots", String(BOTS), "--seconds", String(SECONDS),
    "--json",
  ]);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

before(async () => {
  server = await startServer({ flags: ["--threads", "2", "--enet", "127.0.0.1:0"] });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop("SIGKILL");
});

test("browser, WebSocket and ENet share a room and see each other", async () => {
  const page = await browser.context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.stack));
  await page.goto(server.url);
  const playing = [play("ws"), play("enet")];
  await page.click("#quick");
  await page.waitForFunction(
    (count) => window.skirmish.state === "playing" && window.skirmish.players() >= count,
    2 * BOTS + 1, PATIENCE,
  );
  assert.equal(server.log().split('event="room opened"').length, 2);
  for (const [index, figures] of (await Promise.all(playing)).entries()) {
    assert.equal(figures.connected, BOTS);
    assert.equal(figures.by_enet, index === 0 ? 0 : BOTS);
    assert.deepEqual([figures.failed, figures.drops, figures.mismatches], [0, 0, 0]);
  }
  assert.equal(await page.evaluate(() => window.skirmish.state), "playing");
  assert.deepEqual(faults, []);
});
