// fixture.mjs - as fixture_main.c, of a wasm module: fixture.mjs GAME.wasm CONTENT TICKS SEED PLAYERS,
// or GAME.wasm CONTENT PLAYERS RECORD
import { readFileSync } from "node:fs";

const [wasm, content, ...rest] = process.argv.slice(2);
const [ticks, seed, players] = rest.length === 2 ? [0, 0, rest[0]] : rest;
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
// [hash, ticks]
function play() {
  return [game.sk_wasm_fixture(Number(ticks), BigInt(seed)), Number(ticks)];
}

function replay(record) {
  const at = game.sk_wasm_record(record.length);
  new Uint8Array(memory.buffer, at, record.length).set(record);
  const count = game.sk_wasm_replay();
  if (count < 0) throw new Error(`replay: ${count}`);
  return [game.sk_wasm_replay_hash(), count];
}

const record = rest.length === 2 ? readFileSync(rest[1]) : undefined;
const begin = performance.now();
const [hash, count] = record ? replay(record) : play();
const us = ((performance.now() - begin) * 1000) / Math.max(1, count);
const hex = (value) => BigInt.asUintN(64, value).toString(16).padStart(16, "0");
const layout = hex(game.sk_wasm_layout_hash());
const code = hex(game.sk_wasm_code_hash());
console.log(`hash=${hex(hash)} layout=${layout} code=${code} ticks=${count} us_per_tick=${us.toFixed(2)}`);
