// template.test.mjs - a game that the page has no pictures for is played all the same.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./browser.mjs";
import { build, startServer } from "./server.mjs";

const PATIENCE = { timeout: 15000 };
const STARS = 8;
const pictures = join(build, "pictures");

/** The rows of the own walker, by name. */
function own(page) {
  return page.evaluate(() => {
    const { me, entities } = window.skirmish;
    return entities().find(({ kind, owner }) => kind === "walker" && owner === me)?.fields;
  });
}

describe("the template", () => {
  let server;
  let browser;
  let page;
  const faults = [];

  before(async () => {
    mkdirSync(pictures, { recursive: true });
    server = await startServer({ flags: ["--game", "template", "--bots-fill", "3"] });
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.on("pageerror", (error) => faults.push(error.stack));
    await page.goto(server.url);
  });

  after(async () => {
    await browser?.close();
    await server?.stop("SIGKILL");
  });

  test("the form speaks of the game that the server has", async () => {
    await page.waitForFunction(
      () => document.querySelector("#tagline").textContent.includes("template"), null, PATIENCE,
    );
    await page.screenshot({ path: join(pictures, "template-form.png") });
  });

  test("is joined, and its entities are there", async () => {
    await page.fill("#name", "Ann");
    await page.click("#quick");
    await page.waitForFunction(
      (stars) => {
        const all = window.skirmish.entities();
        const count = (name) => all.filter(({ kind }) => kind === name).length;
        return count("star") === stars && count("walker") === 3;
      },
      STARS, PATIENCE,
    );
  });

  test("a key moves the own walker", async () => {
    const from = await own(page);
    await page.keyboard.down("KeyD");
    await page.waitForFunction(
      (x) => {
        const { me, entities } = window.skirmish;
        return entities().find(({ owner }) => owner === me).fields.x > x + 500;
      },
      from.x, PATIENCE,
    );
    await page.screenshot({ path: join(pictures, "template.png") });
    await page.keyboard.up("KeyD");
  });

  test("the tables and what happens are listed", async () => {
    await page.waitForFunction(
      () => {
        const text = document.querySelector("#plain").innerText;
        return ["walker\n3", "star\n8", "score", "taken"].every((word) => text.includes(word));
      },
      null, PATIENCE,
    );
    await page.screenshot({ path: join(pictures, "template-later.png") });
  });

  test("no script failed", () => assert.deepEqual(faults, []));
});
