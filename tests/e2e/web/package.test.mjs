// package.test.mjs - the SDK as npm would publish it: what is in the package, what publint and attw
// say, an install into an empty project, and the README's example, compiled and played there.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { openBrowser } from "./browser.mjs";
import { startServer } from "./server.mjs";

const PATIENCE = { timeout: 15000 };
const KILOBYTES_MAX = 100; // packed
const EXAMPLE_LINES = 20;
const OTHER_LINES = 16; // of another renderer
const web = resolve(fileURLToPath(import.meta.url), "../../../../clients/web");
const bin = join(web, "node_modules/.bin");
const generated = join(web, "game/generated");

function run(program, flags, cwd) {
  const { status, stdout, stderr } = spawnSync(program, flags, { cwd, encoding: "utf8" });
  return { status, text: stdout + stderr };
}

/** Skips a test where a tool was not installed; npm may not serve it. */
function tool(context, name) {
  if (readdirSync(bin).includes(name)) return join(bin, name);
  context.skip(`npm has not installed ${name}`);
  return undefined;
}

const readme = readFileSync(join(web, "sdk/README.md"), "utf8");
const [example, otherFrame] = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code);
/** The same with the other renderer in the place of its own. */
const otherExample = example.slice(0, example.indexOf("function frame()")) + otherFrame;

function linesOf(code) {
  return code.split("\n").filter((line) => line.trim() !== "").length;
}

const options = {
  target: "ES2022", module: "NodeNext", moduleResolution: "NodeNext", strict: true, noEmit: true,
  lib: ["ES2023", "DOM", "DOM.Iterable"], types: [], allowImportingTsExtensions: true,
};

describe("the package", () => {
  const folder = mkdtempSync(join(tmpdir(), "skirmish-package-"));
  const project = join(folder, "project");
  let packed;
  let tarball;

  before(() => {
    const text = execFileSync("npm", [
      "pack", "--json", "--ignore-scripts", "--pack-destination", folder, "-w", "sdk",
    ], { cwd: web, encoding: "utf8" });
    [packed] = JSON.parse(text);
    tarball = join(folder, packed.filename);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  test("has the built modules with their types, the README and the licence", () => {
    const paths = packed.files.map(({ path }) => path);
    const isBuilt = (path) => /^dist\/(src|generated)\/\w+\.(js|d\.ts)$/.test(path);
    const rest = paths.filter((path) => !isBuilt(path));
    assert.deepEqual(rest.sort(), ["LICENSE", "README.md", "package.json"]);
    assert.ok(paths.includes("dist/src/index.d.ts"));
    assert.ok(packed.size < KILOBYTES_MAX * 1000, `${packed.size} bytes`);
  });

  test("publint finds nothing", (context) => {
    const publint = tool(context, "publint");
    if (!publint) return;
    const { status, text } = run(publint, ["run", tarball, "--strict"]);
    assert.equal(status, 0, text);
    assert.match(text, /All good/);
  });

  test("attw finds its types right for every ES module", (context) => {
    const attw = tool(context, "attw");
    if (!attw) return;
    const { status, text } = run(attw, [tarball, "--profile", "esm-only"]);
    assert.equal(status, 0, text);
  });

  describe("in an empty project", () => {
    let isInstalled = false;

    before(() => {
      mkdirSync(project);
      writeFileSync(join(project, "package.json"), '{ "type": "module" }\n');
      const flags = ["install", tarball, "--prefer-offline", "--no-audit", "--no-fund"];
      isInstalled = run("npm", flags, project).status === 0;
      writeFileSync(join(project, "main.ts"), example);
      writeFileSync(join(project, "index.html"), [
        "<!doctype html>", "<title>Example</title>", "<canvas></canvas>",
        '<script type="module" src="./main.ts"></script>', "",
      ].join("\n"));
      const config = { compilerOptions: options, files: ["main.ts"] };
      writeFileSync(join(project, "tsconfig.json"), JSON.stringify(config));
      cpSync(join(generated, "arena.ts"), join(project, "arena.ts"));
    });

    /** Runs `body` where npm could install the package. */
    const installed = (body) => async (context) => {
      if (isInstalled) await body();
      else context.skip("npm cannot serve flatbuffers");
    };

    test("brings flatbuffers and nothing else", installed(() => {
      const names = readdirSync(join(project, "node_modules")).filter((name) => name[0] !== ".");
      assert.deepEqual(names.sort(), ["flatbuffers", "skirmish-sdk"]);
    }));

    test("the README's example is short", installed(() => {
      assert.ok(linesOf(example) <= EXAMPLE_LINES, `${linesOf(example)} lines`);
      assert.ok(linesOf(otherFrame) <= OTHER_LINES, `${linesOf(otherFrame)} lines`);
    }));

    test("the README's example compiles, and not with a name that the game lacks", installed(() => {
      const tsc = join(bin, "tsc");
      const compile = (code) => {
        writeFileSync(join(project, "main.ts"), code);
        return run(tsc, ["-p", "."], project);
      };
      for (const code of [example, otherExample]) {
        const good = compile(code);
        assert.equal(good.status, 0, good.text);
      }
      const bad = compile(example.replace('onMessage("shot"', 'onMessage("shto"'));
      assert.notEqual(bad.status, 0);
      assert.match(bad.text, /shto/);
    }));

    for (const [name, code] of [["", example], [" with the other renderer", otherExample]]) {
      test(`the README's example${name} plays`, { timeout: 60000 }, installed(async () => {
        writeFileSync(join(project, "main.ts"), code);
        const require = createRequire(join(web, "game/"));
        const { build } = await import(pathToFileURL(require.resolve("vite")));
        await build({
          root: project, logLevel: "error", configFile: false,
          build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
        });
        await playExample(join(project, "dist"));
      }));
    }
  });
});

/** Gives the page drawnX(): the middle of all that is drawn, undefined while nothing is. */
function addDrawnX() {
  window.drawnX = () => {
    const { width, height } = document.querySelector("canvas");
    const paper = document.querySelector("canvas").getContext("2d");
    const { data } = paper.getImageData(0, 0, width, height);
    let [count, sum] = [0, 0];
    for (let i = 3; i < data.length; i += 4) {
      if (data[i] === 0) continue;
      count++;
      sum += (i >> 2) % width;
    }
    return count === 0 ? undefined : sum / count;
  };
}

function isShot(line) {
  return /^\d+ fires$/.test(line.text());
}

async function playExample(folder) {
  const server = await startServer({ web: folder });
  const browser = await openBrowser();
  const errors = [];
  try {
    const page = await browser.context.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    await page.addInitScript(addDrawnX);
    await page.goto(server.url);
    await page.waitForFunction(() => window.drawnX(), null, PATIENCE);
    const from = await page.evaluate(() => window.drawnX());
    const toEast = await moves(page, from, 1270);
    assert.ok(toEast || (await moves(page, from, 10)), "the pointer moves nobody");
    const fires = page.waitForEvent("console", { predicate: isShot, ...PATIENCE });
    await page.keyboard.press("Space");
    await fires;
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
    await server.stop("SIGKILL");
  }
}

/** Whether the own player moves with the pointer at x. */
async function moves(page, from, x) {
  await page.mouse.move(x, 300);
  return page.waitForFunction(
    (from) => Math.abs(window.drawnX() - from) > 4, from, { timeout: 5000 },
  ).then(() => true, () => false);
}
