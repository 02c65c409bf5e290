// taps.test.mjs - a key or a stick that is let go of before a frame has seen it counts all the
// same: each tap is in an input that was sent, and each fires.  One is tried again where the server
// itself has lost time meanwhile: what was pressed more than 250 ms before its tick is not used.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./browser.mjs";
import { startServer } from "./server.mjs";

const sdk = new URL("../../../clients/web/sdk/", import.meta.url);
const { ByteBuffer } = createRequire(sdk)("flatbuffers");
const fb = await import(new URL("dist/generated/skirmish_generated.js", sdk));
const FIRE = 1;
const PATIENCE = { timeout: 15000 };
const TAPS = process.env.SK_SOAK ? 200 : 40;
const ROUNDS_MAX = 5;
const APART_MS = 220; // the blaster is ready again after 150

/** How often the fire button goes down in what the page sends. */
class Presses {
  count = 0;
  #wasDown = false;

  constructor(page) {
    page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => this.#on(payload)));
  }

  #on(payload) {
    const message = fb.ClientMessage.getRootAsClientMessage(new ByteBuffer(payload));
    if (message.bodyType() !== fb.ClientBody.Inputs) return;
    const inputs = message.body(new fb.Inputs());
    for (let i = 0; i < inputs.inputsLength(); i++) {
      const isDown = (inputs.inputs(i).buttons() & FIRE) !== 0;
      this.count += isDown && !this.#wasDown ? 1 : 0;
      this.#wasDown = isDown;
    }
  }
}

/** Taps Space, each for heldMs, and says how many fired and how many ticks the server lost. */
function tap(page, heldMs, taps) {
  return page.evaluate(
    async ({ heldMs, taps, apartMs }) => {
      const wait = (ms) => new Promise((done) => setTimeout(done, ms));
      const key = (type) => document.querySelector("#stage").dispatchEvent(
        new KeyboardEvent(type, { code: "Space", bubbles: true }),
      );
      const lostTicks = async () => (await window.skirmish.sdk.probe())?.droppedTicks ?? NaN;
      const [lostBefore, before] = [await lostTicks(), window.skirmish.ownShots];
      for (let i = 0; i < taps; i++) {
        key("keydown");
        if (heldMs > 0) await wait(heldMs);
        key("keyup");
        await wait(apartMs + (i % 17)); // not in step with the frames
      }
      await wait(1000); // until the server may be asked again, too
      return { shots: window.skirmish.ownShots - before, lost: (await lostTicks()) - lostBefore };
    },
    { heldMs, taps, apartMs: APART_MS },
  );
}

/** All of so many taps fire, and each was sent. */
async function assertAllFire(page, presses, heldMs) {
  let missing = TAPS;
  for (let round = 0; missing > 0 && round < ROUNDS_MAX; round++) {
    const before = presses.count;
    const { shots, lost } = await tap(page, heldMs, missing);
    assert.equal(presses.count - before, missing);
    assert.ok(shots === missing || lost > 0, `${shots} of ${missing}, the server lost no time`);
    missing -= shots;
  }
  assert.equal(missing, 0);
}

/** Flicks the right stick, each shorter than a frame. */
function flick(page) {
  return page.evaluate(
    async ({ taps, apartMs }) => {
      const wait = (ms) => new Promise((done) => setTimeout(done, ms));
      const touch = (type, clientX, clientY) => document.querySelector("#stage").dispatchEvent(
        new PointerEvent(type, {
          pointerType: "touch", pointerId: 7, clientX, clientY, bubbles: true, cancelable: true,
        }),
      );
      for (let i = 0; i < taps; i++) {
        touch("pointerdown", innerWidth - 100, 300);
        touch("pointermove", innerWidth - 100, 350);
        touch("pointerup", innerWidth - 100, 350);
        await wait(apartMs + (i % 17));
      }
      await wait(500);
    },
    { taps: TAPS, apartMs: APART_MS },
  );
}

describe("a tap shorter than a frame", () => {
  let server;
  let browser;
  let page;
  let presses;

  before(async () => {
    server = await startServer();
    browser = await openBrowser();
    page = await browser.context.newPage();
    presses = new Presses(page);
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
    test(`of ${heldMs} ms counts each time`, async () => {
      await assertAllFire(page, presses, heldMs);
    });
  }

  test("of a thumb counts each time", async () => {
    const before = presses.count;
    await flick(page);
    assert.equal(presses.count - before, TAPS);
  });
});
