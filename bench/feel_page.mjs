// feel_page.mjs - from a key to its effect on the screen: headless Chromium plays arena through a
// proxy that delays, alone in its room.  One line of key=value figures a round trip and jitter.
//
//   node bench/feel_page.mjs [PRESSES]
//
// motion_ms: from keydown to the first frame that draws the own figure elsewhere.  corrected: share
// of snapshots whose exact own state was not as predicted, of those that were predicted.
import { cpus } from "node:os";

import { openBrowser } from "../tests/e2e/web/browser.mjs";
import { startServer } from "../tests/e2e/web/server.mjs";
import { startProxy } from "./delay_proxy.mjs";

/** Round trip and jitter: each way, every piece is up to so much later. */
const LINES_MS = [[0, 0], [50, 0], [150, 0], [250, 0], [50, 20], [150, 20], [250, 20]];
const GOAL_P50_MS = 25;
const GOAL_P95_MS = 50;
const SETTLE_MS = 3000;
const presses = Number(process.argv[2] ?? 20);

/** Presses and lets go of keys in turn; in milliseconds, how long each took to move the figure. */
async function press(page, count) {
  return page.evaluate(async (count) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const wait = (ms) => new Promise((done) => setTimeout(done, ms));
    const stage = document.querySelector("#stage");
    const key = (type, code) =>
      stage.dispatchEvent(new KeyboardEvent(type, { code, bubbles: true }));
    const place = () => window.skirmish.player(window.skirmish.me);
    const took = [];
    for (let i = 0; i < count; i++) {
      await wait(300 + (i * 37) % 50); // it stands still, and the key is not in step with frames
      const { x, y } = { ...place() };
      const beganMs = performance.now();
      key("keydown", i % 2 === 0 ? "KeyD" : "KeyA");
      const isMoved = () => Math.hypot(place().x - x, place().y - y) > 0.01;
      while (!isMoved() && performance.now() - beganMs < 2000) await frame();
      took.push(performance.now() - beganMs);
      key("keyup", i % 2 === 0 ? "KeyD" : "KeyA");
    }
    return took.sort((a, b) => a - b);
  }, count);
}

async function measure(browser, port, rttMs, jitterMs) {
  const proxy = await startProxy(port, { rttMs, jitterMs });
  const page = await browser.context.newPage();
  try {
    await page.goto(proxy.url);
    await page.click("#create");
    await page.waitForFunction(() => window.skirmish.player(window.skirmish.me)?.alive);
    await page.waitForTimeout(SETTLE_MS);
    const took = await press(page, presses);
    return { took, line: await page.evaluate(() => window.skirmish.line) };
  } finally {
    await page.close();
    proxy.close();
  }
}

const server = await startServer({ flags: ["--bots-fill", "0"] });
const browser = await openBrowser();
try {
  for (const [rttMs, jitterMs] of LINES_MS) {
    const port = Number(new URL(server.url).port);
    const { took, line } = await measure(browser, port, rttMs, jitterMs);
    const { matched, late, touched, diverging, marginTicks, leadMs, delayMs } = line;
    const judged = Math.max(1, matched + late + touched + diverging);
    const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))];
    const isMet = at(0.5) <= GOAL_P50_MS && at(0.95) <= GOAL_P95_MS;
    console.log(
      `bench=feel-page rtt_ms=${rttMs} jitter_ms=${jitterMs} presses=${took.length} ` +
        `motion_p50_ms=${at(0.5).toFixed(0)} motion_p95_ms=${at(0.95).toFixed(0)} ` +
        `goal_p50_ms=${GOAL_P50_MS} goal_p95_ms=${GOAL_P95_MS} met=${isMet ? 1 : 0} ` +
        `snapshots=${judged} corrected=${((judged - matched) / judged).toFixed(4)} ` +
        `diverging=${diverging} ` +
        `rtt_measured_ms=${line.rttMs.toFixed(0)} lead_ms=${leadMs.toFixed(0)} ` +
        `margin_ticks=${marginTicks.toFixed(1)} render_delay_ms=${delayMs.toFixed(0)} ` +
        `machine="${cpus().length} x ${cpus()[0].model}"`,
    );
  }
} finally {
  await browser.close();
  await server.stop();
}
