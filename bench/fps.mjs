// fps.mjs - how many frames a second the browser game draws: one tab, headless Chromium (software
// rendering), 1280x720, 16 players of whom 15 are the server's bots.  Prints one line of key=value
// figures.
//
//   node bench/fps.mjs [SECONDS]
//
// SK_BUILD_DIR is the build whose server is used, build/release by default.
import { cpus, loadavg } from "node:os";

import { openBrowser } from "../tests/e2e/web/browser.mjs";
import { startServer } from "../tests/e2e/web/server.mjs";

const PLAYERS = 16;
const WARM_MS = 3000;
const FILL_MS = 20000;
const GOAL = { meanFps: 58, p99FrameMs: 34 };
const seconds = Number(process.argv[2] ?? 20);

/** Walks and shoots, so that the screen is as busy as in a match. */
async function play(page, ms) {
  const keys = ["KeyD", "KeyS", "KeyA", "KeyW"];
  const endMs = Date.now() + ms;
  await page.mouse.down();
  for (let turn = 0; Date.now() < endMs; turn++) {
    const key = keys[turn % keys.length];
    await page.keyboard.down(key);
    await page.mouse.move(640 + 300 * Math.cos(turn), 360 + 200 * Math.sin(turn));
    await page.waitForTimeout(500);
    await page.keyboard.up(key);
  }
  await page.mouse.up();
}

async function measure(page, url) {
  await page.goto(url);
  await page.click("#quick");
  await page.waitForFunction(
    (count) => {
      const refusal = document.querySelector("#join-error").textContent;
      if (refusal !== "") throw new Error(refusal); // a page of another build than the server's, say
      return window.skirmish.players() >= count;
    },
    PLAYERS, { timeout: FILL_MS },
  );
  await play(page, WARM_MS);
  await page.evaluate(() => window.skirmish.resetFigures());
  await play(page, seconds * 1000);
  return page.evaluate(() => window.skirmish.figures());
}

const server = await startServer({ flags: ["--bots-fill", String(PLAYERS)] });
const load = loadavg()[0];
const browser = await openBrowser();
try {
  const figures = await measure(await browser.context.newPage(), server.url);
  const good = figures.meanFps >= GOAL.meanFps && figures.p99FrameMs <= GOAL.p99FrameMs;
  const machine = `${cpus().length} x ${cpus()[0].model}`;
  console.log(
    `bench=fps players=${PLAYERS} width=1280 height=720 frames=${figures.frames} ` +
      `mean_fps=${figures.meanFps.toFixed(1)} goal_fps=${GOAL.meanFps} ` +
      `p99_frame_ms=${figures.p99FrameMs.toFixed(1)} goal_p99_ms=${GOAL.p99FrameMs} ` +
      `script_ms=${figures.meanWorkMs.toFixed(2)} load_before=${load.toFixed(1)} ` +
      `met=${good ? 1 : 0} machine="${machine}"`,
  );
} finally {
  await browser.close();
  await server.stop();
}
