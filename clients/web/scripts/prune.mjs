// prune.mjs - removes from sdk/dist what no source makes any more: it would be published.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const sdk = resolve(dirname(fileURLToPath(import.meta.url)), "../sdk");
const dist = join(sdk, "dist");
const MADE = /\.(js|d\.ts)$/;

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  const source = join(sdk, path.slice(dist.length).replace(MADE, ".ts"));
  const isMade = MADE.test(entry.name) && existsSync(source);
  if (entry.isFile() && !isMade) rmSync(path);
}
