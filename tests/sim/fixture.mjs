// fixture.mjs - as fixture_main.c, of a wasm module: fixture.mjs GAME.wasm CONTENT TICKS SEED PLAYERS
import { readFileSync } from "node:fs";

const [wasm, content, ticks, seed, players] = process.argv.slice(2);
let memory;

function textAt(pointer) {
  const bytes = new Uint8Array(memory.buffer, pointer);
  return Buffer.from(bytes.subarray(0, bytes.indexOf(0))).toString();
}

const env = {
  assert_failed(file, line, what) {
    throw new Error(`${textAt(file)}:${line}: ${textAt(what)}`);
  },
};

function check(what, result) {
  if (result !== 0) throw new Error(`${what}: ${result}`);
}

const { instance } = await WebAssembly.instantiate(readFileSync(wasm), { env });
const game = instance.exports;
memory = game.memory;
if (content !== "-") {
  const source = readFileSync(content);
  const room = game.sk_wasm_content_room(source.length);
  new Uint8Array(memory.buffer, room, source.length).set(source);
  check("content", game.sk_wasm_content_load(source.length));
}
check("open", game.sk_wasm_open(Number(players), 0));
const begin = performance.now();
const hash = game.sk_wasm_fixture(Number(ticks), BigInt(seed));
const us = ((performance.now() - begin) * 1000) / Math.max(1, Number(ticks));
const hex = (value) => BigInt.asUintN(64, value).toString(16).padStart(16, "0");
const layout = hex(game.sk_wasm_layout_hash());
const code = hex(game.sk_wasm_code_hash());
console.log(`hash=${hex(hash)} layout=${layout} code=${code} us_per_tick=${us.toFixed(2)}`);
