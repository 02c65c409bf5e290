// generate.mjs - what the web client shares with the C sources, made from them before each build:
//   sdk/generated/skirmish_generated.ts   messages, by flatc from wire/skirmish.fbs
//   sdk/generated/reasons.ts              reasons, from the table of base/reason.h
//   game/generated/arena.{ts,wasm}        the game, from the build tree (SK_BUILD_DIR)
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const web = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const shared = resolve(web, "../../shared");
const build = resolve(web, process.env.SK_BUILD_DIR ?? "../../build/release");

function generateMessages(folder) {
  const schema = join(shared, "wire/skirmish.fbs");
  execFileSync("flatc", ["--ts", "--ts-flat-files", "-o", folder, schema], { stdio: "inherit" });
  rmSync(join(folder, "skirmish_generated.h"), { force: true }); // flatc 2.0.8 makes it as well
}

function reasonRows() {
  const header = readFileSync(join(shared, "base/reason.h"), "utf8");
  const row = /ROW\(\w+,\s*"(\w+)",\s*(\d+),\s*\d+,\s*"([^"]*)"\)/g;
  const rows = [...header.matchAll(row)].map(([, word, close, sentence]) => {
    return `  { word: "${word}", closeCode: ${close}, sentence: ${JSON.stringify(sentence)} },`;
  });
  if (rows.length < 2) throw new Error("generate: base/reason.h has no rows that can be read");
  return rows;
}

function generateReasons(folder) {
  const head = "// Made from shared/base/reason.h; the position is the number on the wire.";
  const text = [head, "export const reasons = [", ...reasonRows(), "] as const;", ""].join("\n");
  writeFileSync(join(folder, "reasons.ts"), text);
}

function copyGame(folder, name) {
  for (const file of [`${name}.ts`, `${name}.wasm`]) {
    const from = join(build, "games", file);
    if (!existsSync(from)) {
      console.error(`generate: ${from} is missing: build the games first, or set SK_BUILD_DIR`);
      process.exit(1);
    }
    copyFileSync(from, join(folder, file));
  }
}

const sdk = join(web, "sdk/generated");
const game = join(web, "game/generated");
mkdirSync(sdk, { recursive: true });
mkdirSync(game, { recursive: true });
generateMessages(sdk);
generateReasons(sdk);
if (!process.argv.includes("--sdk-only")) copyGame(game, "arena");
