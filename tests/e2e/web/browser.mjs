// browser.mjs - headless Chromium for tests and benchmarks, as Debian ships it.
//
// playwright-core lives below clients/web, where npm put it; nothing is downloaded.
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { chromium } = createRequire(new URL("../../../clients/web/game/", import.meta.url))(
  "playwright-core",
);

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** Starts Chromium with a fresh profile.  `context` is the one window's playwright context; close()
 * ends it all. */
export async function openBrowser(options = {}) {
  const profile = mkdtempSync(join(tmpdir(), "skirmish-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.SK_CHROMIUM ?? "/usr/bin/chromium",
    args: FLAGS,
    viewport: { width: 1280, height: 720 },
    ignoreHTTPSErrors: true, // the test's certificate is its own
    ...options,
  });
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { context, close };
}
