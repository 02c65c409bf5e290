// precompress.mjs - writes FILE.br and FILE.gz beside each file that gets smaller by it.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const ENDINGS = new Set([".html", ".js", ".css", ".svg", ".wasm", ".json"]);
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };

export function precompress(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !ENDINGS.has(extname(entry.name))) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    writeIfSmaller(`${path}.br`, brotliCompressSync(bytes, brotli), bytes);
    writeIfSmaller(`${path}.gz`, gzipSync(bytes, { level: 9 }), bytes);
  }
}

function writeIfSmaller(path, small, bytes) {
  if (small.length < bytes.length) writeFileSync(path, small);
}
