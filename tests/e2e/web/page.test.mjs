// page.test.mjs - the page by itself: what a wrong code says, a locked room, a phone, what lies over
// what, and the end of a round.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./browser.mjs";
import { build, startServer } from "./server.mjs";

const PATIENCE = { timeout: 15000 };
const pictures = join(build, "pictures");

describe("the page", () => {
  let server;
  let browser;

  before(async () => {
    mkdirSync(pictures, { recursive: true });
    server = await startServer({ flags: ["--bots-fill", "4"] });
    browser = await openBrowser({ viewport: { width: 844, height: 390 }, hasTouch: true });
  });

  after(async () => {
    await browser?.close();
    await server?.stop("SIGKILL");
  });

  test("a code that is none is refused in words", async () => {
    const page = await browser.context.newPage();
    await page.goto(server.url);
    await page.fill("#code", "ZZZZZZ");
    await page.click("#join-code");
    await page.waitForFunction(
      () => document.querySelector("#join-error").textContent.includes("room ZZZZZZ"), null,
      PATIENCE,
    );
    assert.ok(await page.evaluate(() => document.body.classList.contains("joining")));
    await page.close();
  });

  test("an open match can be joined from the list", async () => {
    const [first, second] = [await browser.context.newPage(), await browser.context.newPage()];
    await first.goto(server.url);
    await first.click("#quick");
    await first.waitForFunction(() => window.skirmish.state === "playing", null, PATIENCE);
    await second.goto(server.url);
    await second.click("#rooms button", PATIENCE);
    await second.waitForFunction(() => window.skirmish.state === "playing", null, PATIENCE);
    const room = await second.evaluate(() => window.skirmish.room);
    assert.equal(room, await first.evaluate(() => window.skirmish.room));
    await Promise.all([first.close(), second.close()]);
  });

  test("a thumb on the left half walks", async () => {
    const page = await browser.context.newPage();
    await page.goto(server.url);
    await page.click("#quick");
    await page.waitForFunction(
      () => window.skirmish.player(window.skirmish.me)?.alive, null, PATIENCE,
    );
    const thumb = await browser.context.newCDPSession(page);
    const from = await page.evaluate(() => ({ ...window.skirmish.player(window.skirmish.me) }));
    let moved = false;
    for (const [x, y] of [[60, 0], [-60, 0], [0, 60], [0, -60]]) {
      await touch(thumb, "touchStart", 160, 240);
      await touch(thumb, "touchMove", 160 + x, 240 + y);
      moved = await page.waitForFunction(
        ({ x, y }) => {
          const own = window.skirmish.player(window.skirmish.me);
          return Math.hypot(own.x - x, own.y - y) > 1;
        },
        from, { timeout: 3000 },
      ).then(() => true, () => false);
      if (moved) await page.screenshot({ path: join(pictures, "phone.png") });
      await thumb.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
      if (moved) break;
    }
    assert.ok(moved, "no direction moved the player");
  });
});

const PANELS = ["#rank", "#clock", "#share", "#mute", "#leave", ".vital", "#weapons", "#feed",
  "#dash", "#swap"];
const CORNERS = [[1.5, 1.5], [38.5, 1.5], [1.5, 24.5], [38.5, 24.5], [20, 1.5], [20, 24.5]];
const INSETS_MS = 700; // until the camera has heard of another shape of the screen

/** What of the panels can be seen, and where. */
function panelBoxes(page) {
  return page.evaluate((names) => {
    return names.flatMap((name) => {
      const { x, y, width, height } = document.querySelector(name).getBoundingClientRect();
      return width > 0 ? [{ name, x, y, width, height }] : [];
    });
  }, PANELS);
}

function overlap(a, b) {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  const right = Math.min(a.x + a.width, b.x + b.width);
  return right - x > 0.5 && Math.min(a.y + a.height, b.y + b.height) - y > 0.5;
}

/** Every two boxes of which one lies on the other. */
function clashes(boxes) {
  return boxes.flatMap((a, i) => {
    return boxes.slice(i + 1).filter((b) => overlap(a, b)).map((b) => `${a.name} on ${b.name}`);
  });
}

/** The own figure in a corner of the map, as a box of one tile. */
async function figureBox(page, [x, y]) {
  const at = await page.evaluate((tile) => window.skirmish.placeOf(...tile), [x, y]);
  const [left, top] = [at.x - at.tile / 2, at.y - at.tile / 2];
  return { name: `figure at ${x}, ${y}`, x: left, y: top, width: at.tile, height: at.tile };
}

/** A full list of kills by long names. */
function fillFeed(page) {
  return page.evaluate(() => {
    const line = "<li><span>Maximilian of Somewhere</span><i>blasted</i><span>Wilhelmina Long</span>";
    document.querySelector("#feed").innerHTML = line.repeat(8);
  });
}

for (const { what, hasTouch, sizes } of [
  { what: "a phone", hasTouch: true, sizes: [[390, 844], [360, 640], [844, 390], [667, 375]] },
  { what: "a desk", hasTouch: false, sizes: [[1280, 720], [1024, 600], [640, 360]] },
]) {
  describe(`a match on ${what}`, () => {
    let server;
    let browser;
    let page;

    before(async () => {
      mkdirSync(pictures, { recursive: true });
      server = await startServer({ flags: ["--bots-fill", "6"] });
      const [width, height] = sizes[0];
      browser = await openBrowser({ viewport: { width, height }, hasTouch, isMobile: hasTouch });
      page = await browser.context.newPage();
      await page.goto(server.url);
      await page.screenshot({ path: join(pictures, `join-${hasTouch ? "phone" : "desk"}.png`) });
      await page.click("#options");
      await page.waitForSelector('#option-map option:text("Foundry")', { state: "attached" });
      await page.selectOption("#option-map", "1"); // the corners above are this map's
      await page.click("#create");
      await page.waitForFunction(
        () => window.skirmish.player(window.skirmish.me)?.alive, null, PATIENCE,
      );
    });

    after(async () => {
      await browser?.close();
      await server?.stop("SIGKILL");
    });

    for (const [width, height] of sizes) {
      test(`of ${width} by ${height}: nothing lies on anything, nor on oneself`, async () => {
        await page.setViewportSize({ width, height });
        await page.waitForTimeout(INSETS_MS);
        await page.screenshot({ path: join(pictures, `match-${width}x${height}.png`) });
        await fillFeed(page);
        const panels = await panelBoxes(page);
        const names = panels.map(({ name }) => name);
        assert.ok(names.includes("#leave"), names.join());
        assert.deepEqual(clashes(panels), []);
        const isOff = ({ x, y, ...box }) => x < 0 || y < 0 || x + box.width > width + 0.5;
        assert.deepEqual(panels.filter(isOff), []);
        for (const corner of CORNERS) {
          const figure = await figureBox(page, corner);
          const over = panels.filter((panel) => overlap(panel, figure));
          assert.deepEqual(over.map(({ name }) => `${name} on ${figure.name}`), []);
        }
      });
    }

    if (!hasTouch) return;

    test("dash and swap are where no thumb rests", async () => {
      for (const [width, height] of sizes) {
        await page.setViewportSize({ width, height });
        const size = { width: width * 0.3, height: height * 0.5 };
        const left = { name: "left thumb", x: 0, y: height - size.height, ...size };
        const thumbs = [left, { ...left, name: "right thumb", x: width - size.width }];
        const buttons = (await panelBoxes(page)).filter(({ name }) => /dash|swap/.test(name));
        assert.equal(buttons.length, 2);
        const under = buttons.filter((button) => thumbs.some((thumb) => overlap(thumb, button)));
        assert.deepEqual(under, []);
      }
    });

    test("words say what a thumb does, until it has done so", async () => {
      const seen = (id) => page.isVisible(id);
      assert.ok((await seen("#how-to-move")) && (await seen("#how-to-look")));
      await page.touchscreen.tap(100, 200);
      assert.equal(await seen("#how-to-move"), false);
      assert.ok(await seen("#how-to-look"));
    });

    test("the form says how to play by touch, not by keys", async () => {
      await page.tap("#leave");
      await page.waitForFunction(() => document.body.classList.contains("joining"), null, PATIENCE);
      const text = await page.innerText("#join");
      assert.match(text, /left thumb/);
      assert.doesNotMatch(text, /WASD/);
    });
  });
}

describe("rooms of one's own", () => {
  let server;
  let browser;

  before(async () => {
    mkdirSync(pictures, { recursive: true });
    server = await startServer({ flags: ["--bots-fill", "4"] });
    browser = await openBrowser();
  });

  after(async () => {
    await browser?.close();
    await server?.stop("SIGKILL");
  });

  test("a room with a password shows a lock and asks for it", async () => {
    const [host, guest] = [await browser.context.newPage(), await browser.context.newPage()];
    await host.goto(server.url);
    await host.click("#options");
    await host.fill("#new-password", "secret");
    await host.fill("#new-players", "5");
    await host.click("#create");
    await host.waitForFunction(() => window.skirmish.state === "playing", null, PATIENCE);
    const room = await host.evaluate(() => window.skirmish.room);
    await guest.goto(server.url);
    await guest.click("#rooms button.locked", PATIENCE);
    assert.match(await guest.innerText("#rooms button"), /1 of 5/);
    assert.ok(await guest.isVisible('#rooms button [aria-label="locked"]'));
    assert.equal(await guest.evaluate(() => document.activeElement.id), "password");
    await guest.screenshot({ path: join(pictures, "password.png") });
    await guest.keyboard.type("wrong");
    await guest.keyboard.press("Enter");
    await guest.waitForFunction(
      (code) => document.querySelector("#join-error").textContent.includes(code), room, PATIENCE,
    );
    await guest.fill("#password", "secret");
    await guest.keyboard.press("Enter");
    await guest.waitForFunction(() => window.skirmish.state === "playing", null, PATIENCE);
    assert.equal(await guest.evaluate(() => window.skirmish.room), room);
    await Promise.all([host.close(), guest.close()]);
  });

  test("an option that does not fit is said at its field", async () => {
    const page = await browser.context.newPage();
    await page.goto(server.url);
    await page.click("#options");
    await page.fill("#option-round_seconds", "5");
    await page.click("#create");
    assert.equal(await page.evaluate(() => document.activeElement.id), "option-round_seconds");
    assert.ok(await page.evaluate(() => document.body.classList.contains("joining")));
    await page.close();
  });

  test("a round's end says one's place and when the next begins, which is the second", async () => {
    const page = await browser.context.newPage();
    await page.goto(server.url);
    await page.fill("#name", "Ann");
    await page.click("#options");
    await page.fill("#option-round_seconds", "20");
    await page.click("#create");
    await page.waitForFunction(
      () => /came \d\w\w of 4: \d+ kills?, \d+ deaths?, best streak[^]*Next round in \d, on \w/.test(
        document.querySelector("#board").innerText,
      ),
      null, { timeout: 40000 },
    );
    await page.screenshot({ path: join(pictures, "round-end.png") });
    const bots = await page.locator("#board small", { hasText: "bot" }).count();
    assert.equal(bots, 3);
    await page.waitForFunction(
      () => document.querySelector("#callout").textContent === "Round 2", null, PATIENCE,
    );
    await page.close();
  });
});

function touch(session, type, x, y) {
  return session.send("Input.dispatchTouchEvent", { type, touchPoints: [{ x, y }] });
}
