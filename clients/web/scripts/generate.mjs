// generate.mjs - what the web client shares with the C sources, made from them before each build:
//   sdk/generated/skirmish_generated.ts   messages, by flatc from wire/skirmish.fbs
//   sdk/generated/reasons.ts              reasons, from the table of base/reason.h
//   sdk/generated/retry.ts                when to try again, as shared/client/client_retry.c has it
//   game/generated/NAME.{ts,wasm}         every game of the build tree (SK_BUILD_DIR)
//   game/generated/games.ts               all of them by name
import { execFileSync } from "node:child_process";
import {
  existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const web = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const shared = resolve(web, "../../shared");
const build = resolve(web, process.env.SK_BUILD_DIR ?? "../../build/release");

/** A file that stays the same keeps its time, so that builds see that nothing is new. */
function write(path, bytes) {
  if (!existsSync(path) || !readFileSync(path).equals(bytes)) writeFileSync(path, bytes);
}

function generateMessages(folder) {
  const schema = join(shared, "wire/skirmish.fbs");
  const made = mkdtempSync(join(tmpdir(), "skirmish-flatc-"));
  execFileSync("flatc", ["--ts", "--ts-flat-files", "-o", made, schema], { stdio: "inherit" });
  const name = "skirmish_generated.ts";
  write(join(folder, name), readFileSync(join(made, name)));
  rmSync(made, { recursive: true });
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
  write(join(folder, "reasons.ts"), Buffer.from(text));
}

function gameNames() {
  const folder = join(build, "games");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const names = files.filter((file) => file.endsWith(".wasm")).map((file) => file.slice(0, -5));
  if (!names.includes("arena")) {
    console.error(`generate: no games in ${folder}: build them first, or set SK_BUILD_DIR`);
    process.exit(1);
  }
  return names.sort();
}

function copyGame(folder, name) {
  for (const file of [`${name}.ts`, `${name}.wasm`]) {
    write(join(folder, file), readFileSync(join(build, "games", file)));
  }
}

function generateGames(folder, names) {
  const rows = names.map((name, i) => `  "${name}": { tables: tables${i} },`);
  const text = [
    "// Made from the games of the native build: their tables; their code comes from the server.",
    ...names.map((name, i) => `import * as tables${i} from "./${name}";`), "",
    "export const games = {", ...rows, "} as const;", "",
  ].join("\n");
  write(join(folder, "games.ts"), Buffer.from(text));
}

const sdk = join(web, "sdk/generated");
const game = join(web, "game/generated");
mkdirSync(sdk, { recursive: true });
mkdirSync(game, { recursive: true });
generateMessages(sdk);
generateReasons(sdk);
write(join(sdk, "retry.ts"), readFileSync(join(build, "generated/retry.ts")));
const names = gameNames();
for (const name of names) copyGame(game, name);
generateGames(game, names);
