// keyboard.test.mjs - the whole page without a pointer: the form, the list, a match, the way out.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./browser.mjs";
import { build, startServer } from "./server.mjs";

const PATIENCE = { timeout: 15000 };
const REFRESH_MS = 3500; // longer than the list of rooms stays as it is
const STOPS_MAX = 40;
const pictures = join(build, "pictures");

/** What the focus is on, by id or by what it says. */
function focused(page) {
  return page.evaluate(() => {
    const on = document.activeElement;
    return on === document.body ? "" : on.id || on.textContent.trim();
  });
}

/** Every control that can be seen, in the order of the page. */
function controls(page) {
  return page.evaluate(() => {
    const all = document.querySelectorAll("button, input, select, summary");
    return [...all].filter((one) => one.checkVisibility() && !one.disabled).map((one) => {
      return one.id || one.textContent.trim();
    });
  });
}

/** Where a key stops from a control on, until it leaves the page or comes round. */
async function walk(page, from, key = "Tab") {
  await page.focus(`#${from}`);
  const stops = [];
  for (let at = from; at !== "" && !stops.includes(at); at = await focused(page)) {
    stops.push(at);
    await page.keyboard.press(key);
  }
  return stops;
}

async function focus(page, id) {
  for (let i = 0; i < STOPS_MAX && (await focused(page)) !== id; i++) {
    await page.keyboard.press("Tab");
  }
  assert.equal(await focused(page), id);
}

async function playing(page) {
  await page.waitForFunction(
    () => window.skirmish.player(window.skirmish.me)?.alive, null, PATIENCE,
  );
}

function own(page) {
  return page.evaluate(() => ({ ...window.skirmish.player(window.skirmish.me) }));
}

describe("by keyboard alone", () => {
  let server;
  let browser;
  let page;

  before(async () => {
    mkdirSync(pictures, { recursive: true });
    server = await startServer();
    browser = await openBrowser();
    page = await browser.context.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => document.querySelector("#rooms .none"), null, PATIENCE);
  });

  after(async () => {
    await browser?.close();
    await server?.stop("SIGKILL");
  });

  test("Tab stops at every control in the order of the page, and comes back", async () => {
    const wanted = await controls(page);
    assert.ok(wanted.length >= 6, wanted.join());
    assert.deepEqual(await walk(page, "name"), wanted);
    assert.deepEqual(await walk(page, wanted.at(-1), "Shift+Tab"), wanted.reverse());
  });

  test("Space ticks a box, and writes a space into a name", async () => {
    await focus(page, "public");
    await page.keyboard.press("Space");
    assert.equal(await page.isChecked("#public"), false);
    await page.keyboard.press("Space");
    await focus(page, "name");
    await page.keyboard.type("Ann Key");
    assert.equal(await page.inputValue("#name"), "Ann Key");
  });

  test("the options of a new room open, and arrows change them", async () => {
    await focus(page, "options");
    await page.keyboard.press("Space");
    await page.screenshot({ path: join(pictures, "keyboard-options.png") });
    await focus(page, "option-round_seconds");
    await page.keyboard.type("60");
    await page.keyboard.press("ArrowUp");
    assert.equal(await page.inputValue("#option-round_seconds"), "61");
    assert.deepEqual(await walk(page, "name"), await controls(page));
  });

  test("a refused code gives the focus back", async () => {
    await focus(page, "code");
    await page.keyboard.type("zzzzzz");
    await focus(page, "join-code");
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      () => document.querySelector("#join-error").textContent.includes("ZZZZZZ"), null, PATIENCE,
    );
    assert.equal(await focused(page), "join-code");
    await page.screenshot({ path: join(pictures, "keyboard-refused.png") });
    await page.fill("#code", "");
  });

  test("a room of the list keeps the focus when the list is read again", async () => {
    const other = await browser.context.newPage();
    await other.goto(server.url);
    await other.click("#create");
    await playing(other);
    const room = await other.evaluate(() => window.skirmish.room);
    await page.bringToFront();
    const item = page.locator("#rooms button", { hasText: room });
    await item.waitFor(PATIENCE);
    await item.focus();
    await page.waitForTimeout(REFRESH_MS);
    assert.match(await focused(page), new RegExp(room));
    await page.screenshot({ path: join(pictures, "keyboard-list.png") });
    await other.close();
  });

  test("Enter creates a match with those options", async () => {
    await focus(page, "create");
    await page.keyboard.press("Enter");
    await playing(page);
    assert.equal(await focused(page), "stage");
    const clock = await page.textContent("#clock");
    assert.match(clock, /^(1:0[01]|0:5\d)$/, clock);
  });

  test("in a match Tab shows the scores and arrows walk", async () => {
    await page.keyboard.down("Tab");
    await page.waitForFunction(() => !document.querySelector("#board").hidden, null, PATIENCE);
    await page.keyboard.up("Tab");
    await page.waitForFunction(() => document.querySelector("#board").hidden, null, PATIENCE);
    assert.equal(await focused(page), "stage");
    const from = await own(page);
    const moved = () => page.waitForFunction(
      ({ x, y }) => {
        const at = window.skirmish.player(window.skirmish.me);
        return Math.hypot(at.x - x, at.y - y) > 0.5;
      },
      from, { timeout: 3000 },
    ).then(() => true, () => false);
    for (const key of ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"]) {
      await page.keyboard.down(key);
      const is = await moved();
      await page.keyboard.up(key);
      if (is) return;
    }
    assert.fail("no arrow moved the player");
  });

  test("Escape gives the keys to the buttons and takes them back", async () => {
    await page.keyboard.press("Escape");
    assert.equal(await focused(page), "share");
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "mute");
    const before = await page.getAttribute("#mute", "aria-pressed");
    await page.keyboard.press("Space");
    assert.notEqual(await page.getAttribute("#mute", "aria-pressed"), before);
    assert.equal(await page.isHidden("#board"), true);
    await page.screenshot({ path: join(pictures, "keyboard-tools.png") });
    await page.keyboard.press("Escape");
    assert.equal(await focused(page), "stage");
  });

  test("Leave leads back to the form", async () => {
    await page.keyboard.press("Escape");
    await focus(page, "leave");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.body.classList.contains("joining"), null, PATIENCE);
    assert.equal(await focused(page), "quick");
    assert.deepEqual(await walk(page, "name"), await controls(page));
  });
});

describe("for whom sees or moves otherwise", () => {
  let server;
  let browser;
  let page;

  before(async () => {
    server = await startServer();
    browser = await openBrowser({ reducedMotion: "reduce" });
    page = await browser.context.newPage();
    await page.goto(server.url);
  });

  after(async () => {
    await browser?.close();
    await server?.stop("SIGKILL");
  });

  test("placeholders stand out at 4.5 to 1", async () => {
    const ratio = await page.evaluate(() => {
      const light = (color) => {
        const [r, g, b] = color.match(/[\d.]+/g).map((part) => {
          const share = Number(part) / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const input = document.querySelector("#code");
      const text = light(getComputedStyle(input, "::placeholder").color);
      const opacity = getComputedStyle(input, "::placeholder").opacity;
      const ground = light(getComputedStyle(input).backgroundColor);
      return opacity === "1" ? (text + 0.05) / (ground + 0.05) : 0;
    });
    assert.ok(ratio >= 4.5, `${ratio}`);
  });

  test("the canvas and every control have a name", async () => {
    const nameless = await page.evaluate(() => {
      const named = (one) => one.ariaLabel || one.labels?.length || one.textContent.trim();
      const all = document.querySelectorAll("canvas, button, input, select");
      return [...all].filter((one) => !named(one)).map((one) => one.outerHTML);
    });
    assert.deepEqual(nameless, []);
  });

  test("who wants less motion gets a still backdrop and no animation", async () => {
    const picture = () => page.evaluate(() => document.querySelector("#stage").toDataURL());
    await page.waitForTimeout(300);
    const first = await picture();
    await page.waitForTimeout(500);
    assert.equal(await picture(), first);
    const animated = await page.evaluate(() => {
      const callout = document.querySelector("#callout");
      callout.classList.add("shown");
      document.body.className = "playing";
      return getComputedStyle(callout).animationName;
    });
    assert.equal(animated, "fade");
  });
});
