// core_replay.mjs - makes the calls that core_script.c wrote down of a wasm module, and prints them
// again with that build's answers: core_replay.mjs GAME.wasm SCRIPT PLAYERS
import { readFileSync } from "node:fs";

const [wasm, script, players] = process.argv.slice(2);
const env = {
  assert_failed(file, line, what) {
    throw new Error(`assertion at ${line} (${file}, ${what})`);
  },
};
const { instance } = await WebAssembly.instantiate(readFileSync(wasm), { env });
const game = instance.exports;
const data = () => new DataView(game.memory.buffer);
if (game.sk_wasm_open(Number(players), 0) !== 0) throw new Error("open");

function pending(at) {
  const view = data();
  return [
    view.getUint32(at, true), view.getInt16(at + 4, true), view.getUint32(at + 12, true),
    view.getUint8(at + 17), view.getUint8(at + 16),
  ];
}

function figures(us) {
  const at = game.sk_wasm_core_figures(Number(us));
  return Array.from({ length: 5 }, (_, i) => data().getFloat64(at + 8 * i, true));
}

const calls = {
  start: (tick, rttUs, us) => {
    const times = [Number(rttUs), Number(us)];
    if (game.sk_wasm_core_start(0, 0, Number(tick), 0n, ...times, 0) !== 0) throw Error(us);
    return [];
  },
  take: (us, hex) => {
    const bytes = Buffer.from(hex, "hex");
    new Uint8Array(game.memory.buffer).set(bytes, game.sk_wasm_message());
    return [game.sk_wasm_core_take(bytes.length, Number(us))];
  },
  render: (us) => [game.sk_wasm_core_render(Number(us)).toFixed(8)],
  press: (buttons) => {
    game.sk_wasm_core_press(Number(buttons));
    return [];
  },
  sample: (us, buttons, axis) => {
    const at = game.sk_wasm_input();
    data().setUint32(at, Number(buttons), true);
    data().setInt16(at + 4, Number(axis), true);
    const count = game.sk_wasm_core_sample(Number(us));
    return [count, game.sk_wasm_core_sampled_tick() >>> 0, game.sk_wasm_core_pending_count()];
  },
  pending: (index) => pending(game.sk_wasm_core_pending() + 20 * Number(index)),
  next: (us) => [game.sk_wasm_core_next(Number(us))],
  sent: (us, what) => {
    game.sk_wasm_core_sent(Number(what), Number(us));
    return [];
  },
  figures,
};

for (const line of readFileSync(script, "utf8").trimEnd().split("\n")) {
  const [call] = line.split(" =");
  const [name, ...values] = call.split(" ");
  console.log([`${call} =`, ...calls[name](...values)].join(" "));
}
