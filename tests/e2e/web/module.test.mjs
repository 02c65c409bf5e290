// module.test.mjs - the game's code in the page comes from the server: of a game that the page does
// not know, of another version than the server's, or not at all.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./browser.mjs";
import { build, startServer } from "./server.mjs";

const PATIENCE = { timeout: 15000 };

/** A game's module that says of itself that it is of other code. */
function otherCode(name) {
  const tables = readFileSync(join(build, `games/${name}.ts`), "utf8");
  const hash = BigInt(/codeHash = (0x[0-9a-f]+)n/.exec(tables)[1]);
  const wasm = readFileSync(join(build, `games/${name}.wasm`));
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(hash);
  const at = wasm.indexOf(bytes);
  assert.ok(at > 0, "the module says what it is of");
  wasm[at] ^= 1;
  return wasm;
}

describe("a page with other code than the server's", () => {
  let server;
  let browser;
  let page;
  let loads = 0;
  let isOld = true;

  before(async () => {
    const old = otherCode("template");
    server = await startServer({ flags: ["--game", "template"] });
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.on("load", () => loads++);
    await page.route(/\.wasm$/, (route) => {
      return isOld ? route.fulfill({ body: old, contentType: "application/wasm" })
                   : route.continue();
    });
    await page.goto(server.url);
  });

  after(async () => {
    await browser?.close();
    await server?.stop("SIGKILL");
  });

  const joinAs = async (name) => {
    await page.fill("#name", name);
    await page.click("#quick");
  };

  test("loads itself anew, once, and then says so", async () => {
    await joinAs("Ann");
    await page.waitForEvent("load", PATIENCE);
    await joinAs("Ann");
    await page.waitForFunction(
      () => document.querySelector("#join-error").textContent.includes("did not help"),
      null, PATIENCE,
    );
    assert.equal(loads, 2);
  });

  test("plays when the code is the server's", async () => {
    isOld = false;
    await joinAs("Ann");
    await page.waitForFunction(() => window.skirmish.entities().length > 0, null, PATIENCE);
  });
});

describe("a game that the page was not built with", () => {
  let server;
  let browser;
  let page;
  let fails = false;
  const faults = [];

  before(async () => {
    server = await startServer({ flags: ["--game", join(build, "tests/fixtures/meadow.so")] });
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.on("pageerror", (error) => faults.push(error.stack));
    await page.route(/\.wasm$/, (route) => fails ? route.fulfill({ status: 503 })
                                                 : route.continue());
    await page.goto(server.url);
    await page.fill("#name", "Ann");
  });

  after(async () => {
    await browser?.close();
    await server?.stop("SIGKILL");
  });

  test("is tried again while its code does not come, with a word meanwhile", async () => {
    fails = true;
    await page.click("#quick");
    await page.waitForFunction(
      () => document.querySelector("#join").innerText.includes("trying again"), null, PATIENCE,
    );
    fails = false;
  });

  test("is played from the server's code and tables, and predicted", async () => {
    const own = () => page.evaluate(() => {
      const { me, entities } = window.skirmish;
      return entities().find(({ kind, owner }) => kind === "walker" && owner === me)?.fields.x;
    });
    await page.waitForFunction(() => window.skirmish.entities().length > 0, null, PATIENCE);
    const from = await own();
    await page.keyboard.down("KeyD");
    await page.waitForFunction((x) => {
      const { me, entities } = window.skirmish;
      return entities().find(({ owner }) => owner === me).fields.x > x + 500;
    }, from, PATIENCE);
    await page.keyboard.up("KeyD");
  });

  test("no script failed", () => assert.deepEqual(faults, []));
});

describe("a game whose predict() writes what is not its player's", () => {
  let server;
  let browser;
  let page;
  const warnings = [];

  before(async () => {
    server = await startServer({ flags: ["--game", join(build, "tests/fixtures/weed.so")] });
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.on("console", (line) => line.type() === "warning" && warnings.push(line.text()));
  });

  after(async () => {
    await browser?.close();
    await server?.stop("SIGKILL");
  });

  const predicting = async (address, state) => {
    await page.goto(server.url + address);
    await page.fill("#name", "Ann");
    await page.click("#quick");
    await page.waitForFunction(
      (state) => window.skirmish.sdk?.prediction.state === state, state, PATIENCE,
    );
  };

  test("is played on, and nobody looks", async () => {
    await predicting("", "on");
    assert.deepEqual(warnings, []);
  });

  test("is caught where the address asks for it, and named in words", async () => {
    await predicting("?guard", "fault");
    await page.waitForFunction(
      () => document.querySelector("#words").textContent.includes("Prediction has failed"),
      null, PATIENCE,
    );
    await page.keyboard.press("F3");
    await page.waitForFunction(
      () => /unpredicted.*predict\(\) .*: star 0, x, tick \d+/.test(
        document.querySelector("#overlay").textContent,
      ), null, PATIENCE,
    );
    assert.match(warnings.join(), /unpredicted: predict\(\) .*: star 0, x, tick \d+/);
    const x = () => page.evaluate(() => {
      const { me, entities } = window.skirmish;
      return entities().find(({ kind, owner }) => kind === "walker" && owner === me)?.fields.x;
    });
    const from = await x();
    await page.keyboard.down("KeyD");
    await page.waitForFunction((from) => {
      const { me, entities } = window.skirmish;
      return entities().find(({ owner }) => owner === me)?.fields.x > from + 500;
    }, from, PATIENCE);
  });
});
