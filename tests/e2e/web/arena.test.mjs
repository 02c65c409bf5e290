// arena.test.mjs - a match of arena as people play it, in headless Chromium: in teams, through
// death and a round's end, watched by a spectator who then plays, with settings of one's own, and
// on a phone.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { openBrowser } from "./browser.mjs";
import { build, startServer } from "./server.mjs";

const PATIENCE = { timeout: 15000 };
const SOON = { timeout: 2000 };
const ATTEMPTS = 6;
const ROUNDS = { timeout: 100000 }; // for what comes within some rounds
const pictures = join(build, "pictures");

let server;
let browser;
let faults;

before(async () => {
  mkdirSync(pictures, { recursive: true });
  server = await startServer({ flags: ["--bots-fill", "6"] });
  browser = await openBrowser();
  faults = [];
});

after(async () => {
  await browser?.close();
  await server?.stop("SIGKILL");
});

async function open(name) {
  const page = await browser.context.newPage();
  page.on("pageerror", (error) => faults.push(error.stack));
  await page.goto(server.url);
  await page.fill("#name", name);
  return page;
}

/** Resolves when the element says so. */
function reads(page, selector, words, patience = PATIENCE) {
  return page.waitForFunction(
    ([where, source]) => {
      const element = document.querySelector(where);
      return element.checkVisibility() && new RegExp(source).test(element.innerText);
    },
    [selector, words.source], patience,
  );
}

function playing(page) {
  return page.waitForFunction(() => window.skirmish.state === "playing", null, PATIENCE);
}

describe("in teams", () => {
  let page;

  before(async () => {
    page = await open("Ann");
    await page.click("#options");
    await page.fill("#option-round_seconds", "20");
    await page.selectOption("#option-mode", { label: "teams" });
    await page.selectOption("#option-bot_skill", { label: "merciless" });
    await page.click("#create");
    await playing(page);
  });

  test("the list of matches says so", async () => {
    const room = await page.evaluate(() => window.skirmish.room);
    const other = await open("Dan");
    const item = other.locator("#rooms li", { hasText: room });
    assert.match(await item.innerText(PATIENCE), /teams, 1 of/);
    await other.close();
  });

  test("the score of both is shown with their shapes, and who is in which", async () => {
    await reads(page, "#teams", /\u25b2 Aces \d+\s*\u25a0 Bears \d+/);
    const team = await page.evaluate(() => window.skirmish.player(window.skirmish.me).team);
    assert.ok(team === 1 || team === 2);
    assert.equal(await page.locator(`#team-${team}.own`).count(), 1);
    await page.waitForFunction(() => window.skirmish.players() === 6, null, PATIENCE);
    const teams = await page.evaluate(() => {
      const players = Array.from({ length: 32 }, (_, i) => window.skirmish.player(i));
      return players.filter((player) => player).map((player) => player.team);
    });
    assert.deepEqual(teams.sort(), [1, 1, 1, 2, 2, 2]);
  });

  test("who is down sees who did it, with what, and when one is back", async () => {
    await reads(page, "#watch-words", /got you with the (blaster|rail)/, ROUNDS);
    const words = await page.innerText("#watch-more");
    assert.match(words, /(\d+ health left|Down)\. Back in \d/);
    await page.screenshot({ path: join(pictures, "killers-view.png") });
    await page.waitForFunction(() => document.querySelector("#watch").hidden, null, PATIENCE);
  });

  test("a round's end says which team has won, what one did and where the next is", async () => {
    await reads(page, "#board", /(Aces|Bears) win, \d+ to \d+|A draw/, ROUNDS);
    await reads(page, "#board", /You came \d\w\w of 6: .*best streak \d+, \d+% of shots hit/);
    await reads(page, "#board", /points? earned/);
    await reads(page, "#board", /Next round in \d, on [A-Z]/);
    assert.equal(await page.locator("#board tr.team").count(), 2);
    await page.screenshot({ path: join(pictures, "teams-end.png") });
  });
});

describe("a spectator", () => {
  let room;
  let page;

  before(async () => {
    const player = await open("Ben");
    await player.click("#quick");
    await playing(player);
    room = await player.evaluate(() => window.skirmish.room);
    page = await open("Cleo");
    await page.locator("#rooms li", { hasText: room }).locator(".watch").click(PATIENCE);
    await playing(page);
  });

  test("has no seat among the players, and follows one of them", async () => {
    assert.equal(await page.evaluate(() => window.skirmish.me), -1);
    await reads(page, "#watch-words", /You watch .+/);
    assert.equal(await page.isVisible("#weapons"), false);
  });

  test("goes on to the next by key and by button", async () => {
    const words = () => page.innerText("#watch-words");
    const first = await words();
    await page.keyboard.press("KeyQ");
    await page.waitForFunction(
      (seen) => document.querySelector("#watch-words").innerText !== seen, first, PATIENCE,
    );
    await page.click("#watch-previous");
    await reads(page, "#watch-words", new RegExp(first.replace(/[()]/g, "\\$&")));
    await page.screenshot({ path: join(pictures, "spectator.png") });
  });

  test("looks about when moving", async () => {
    await page.click("#stage");
    await page.keyboard.down("KeyD");
    await reads(page, "#watch-words", /You look about/);
    await page.keyboard.up("KeyD");
  });

  test("takes a seat of the same room by the button", async () => {
    await page.click("#watch-play");
    await page.waitForFunction(() => window.skirmish.me >= 0, null, PATIENCE);
    assert.equal(await page.evaluate(() => window.skirmish.room), room);
    await page.waitForFunction(() => document.querySelector("#watch").hidden, null, PATIENCE);
    assert.equal(await page.isVisible("#weapons"), true);
  });
});

describe("settings", () => {
  let page;

  before(async () => {
    page = await open("Dora");
    await page.click("#settings-form");
  });

  function colour() {
    return page.evaluate(() => getComputedStyle(document.body).getPropertyValue("--team-1"));
  }

  test("are there for the keyboard alone, and say whose key one takes", async () => {
    await page.focus("#key-fire");
    await page.keyboard.press("Enter");
    await page.keyboard.press("KeyW");
    await reads(page, "#settings-words", /W was for up: up has Space now\./);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    assert.equal(await page.innerText("#key-fire"), "W");
    await page.keyboard.press("Space");
    await page.keyboard.press("KeyF");
    assert.equal(await page.innerText("#key-fire"), "F");
    await page.focus("#volume");
    for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowDown");
    assert.equal(await page.inputValue("#volume"), "60");
    await page.keyboard.press("Escape");
    assert.equal(await page.isVisible("#settings"), false);
  });

  test("change the colours at once", async () => {
    const before = await colour();
    await page.click("#settings-form");
    await page.selectOption("#palette", "safe");
    await page.selectOption("#motion", "less");
    assert.notEqual(await colour(), before);
    await page.screenshot({ path: join(pictures, "settings.png") });
  });

  test("are the same when the page is loaded again, and hold in a match", async () => {
    const chosen = await colour();
    await page.reload();
    assert.equal(await colour(), chosen);
    await page.click("#quick");
    await playing(page);
    await page.keyboard.press("KeyO");
    await reads(page, "#settings", /Watch instead/);
    assert.equal(await page.innerText("#key-fire"), "F");
    assert.equal(await page.inputValue("#volume"), "60");
    assert.equal(await page.inputValue("#motion"), "less");
    await page.click("#settings-close");
    await page.keyboard.down("KeyF");
    await page.waitForFunction(() => window.skirmish.ownShots > 0, null, PATIENCE);
    await page.keyboard.up("KeyF");
  });

  test("that are damaged are as if there were none", async () => {
    await page.evaluate(() => localStorage.setItem("skirmish.settings", '{"version":1,"keys":7}'));
    await page.reload();
    await page.click("#settings-form");
    assert.equal(await page.innerText("#key-fire"), "Space");
    assert.equal(await page.inputValue("#palette"), "bright");
  });

  test("let a player watch, and come back", async () => {
    await page.click("#settings-close");
    await page.click("#quick");
    await playing(page);
    await page.click("#settings-open");
    await page.click("#settings-watch");
    await reads(page, "#watch-words", /You watch|Nobody/);
    assert.equal(await page.evaluate(() => window.skirmish.me), -1);
    await page.click("#settings-open");
    await page.click("#settings-watch");
    await page.waitForFunction(() => window.skirmish.me >= 0, null, PATIENCE);
  });
});

describe("on a phone held upright", () => {
  let phone;
  let page;
  let hand;

  before(async () => {
    phone = await openBrowser({
      viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true,
    });
    page = await phone.context.newPage();
    page.on("pageerror", (error) => faults.push(error.stack));
    await page.goto(server.url);
    await page.tap("#create");
    await page.waitForFunction(
      () => window.skirmish.player(window.skirmish.me)?.alive, null, PATIENCE,
    );
    hand = await phone.context.newCDPSession(page);
  });

  after(() => phone?.close());

  function touch(type, ...points) {
    const touchPoints = points.map(([x, y], id) => ({ x, y, id }));
    return hand.send("Input.dispatchTouchEvent", { type, touchPoints });
  }

  /** Does it while one lives; bots may be quicker, so it is tried some times. */
  async function alive(act) {
    for (let attempt = 1; ; attempt++) {
      await page.waitForFunction(
        () => window.skirmish.player(window.skirmish.me)?.alive, null, PATIENCE,
      );
      const failed = await act().then(() => undefined, (error) => error);
      if (!failed) return;
      if (attempt === ATTEMPTS) throw failed;
    }
  }

  test("a thumb that walks and one that flicks do both at once", async () => {
    const shots = await page.evaluate(() => window.skirmish.ownShots);
    await alive(async () => {
      await touch("touchStart", [90, 620]);
      await touch("touchMove", [90, 570]);
      await touch("touchStart", [90, 570], [300, 620]);
      await touch("touchMove", [90, 570], [300, 560]);
      assert.equal(await page.locator(".stick.held").count(), 2);
      await page.screenshot({ path: join(pictures, "phone-thumbs.png") });
      await touch("touchEnd");
      await page.waitForFunction((before) => window.skirmish.ownShots > before, shots, SOON);
    });
  });

  test("dash and the other gun are under the thumbs", async () => {
    await page.waitForFunction(() => document.querySelector("#dash.ready"), null, PATIENCE);
    const box = await page.locator("#dash").boundingBox();
    assert.ok(box.width >= 44 && box.height >= 44 && box.y > 844 / 2);
    await alive(async () => {
      await page.tap("#swap");
      await reads(page, "#swap", /rail/, SOON);
    });
    await alive(async () => {
      await touch("touchStart", [90, 620]);
      await touch("touchMove", [90, 570]);
      await touch("touchStart", [90, 570], [box.x + 20, box.y + 20]);
      await touch("touchEnd");
      await page.waitForFunction(() => !document.querySelector("#dash.ready"), null, SOON);
    });
  });

  test("the settings open, fit and close", async () => {
    await page.tap("#settings-open");
    const box = await page.locator("#settings").boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 844);
    await page.tap("#settings-close");
    assert.equal(await page.isVisible("#settings"), false);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  });
});

test("no script failed", () => assert.deepEqual(faults, []));
