// replay.mjs - what a snapshot costs a page that predicts far ahead: the wasm module takes the
// recorded matches of tests/fuzz/corpus/predict, 750 ms of inputs ahead of them.
//
//   node bench/replay.mjs [ROUNDS]
//
// A sample is one sk_wasm_core_take(): decoding, judging what was predicted, and the replay.
import { readFileSync, readdirSync } from "node:fs";

const AHEAD_TICKS = 45;
const GOAL_US = 300;
const PLAYERS = 16; // as of the recorded matches, and their map
const ME = 1;
const TICK_US = 1e6 / 60;
const MAP = `map Test
################
#S....#....H..S#
#..##.#..##....#
#..#......#..R.#
#....##.......##
#R.......#.#...#
#S...#..H..#..S#
################
`;
const OPTIONS = [20, 5, 20, 2, 0];
const FIGURE_NEWEST_TICK = 16; // core_exports.c
const FIGURE_PREDICTED_TICK = 17;
const root = new URL("..", import.meta.url);
const rounds = Number(process.argv[2] ?? 50);

const env = {
  assert_failed() {
    throw new Error("an assertion failed");
  },
};
const wasm = readFileSync(new URL("build/release/games/arena.wasm", root));
const { instance } = await WebAssembly.instantiate(wasm, { env });
const game = instance.exports;
const bytesAt = (at, size) => new Uint8Array(game.memory.buffer, at, size);

function load() {
  const source = new TextEncoder().encode(MAP);
  bytesAt(game.sk_wasm_content_room(source.length), source.length).set(source);
  if (game.sk_wasm_content_load(source.length) !== 0) throw new Error("content");
}

/** The snapshot messages of a recorded match: fuzz_predict.c says how it is written. */
function snapshotsOf(file) {
  const messages = [];
  for (let at = 0; at < file.length; ) {
    const size = file[at] === 0 ? file[at + 1] | (file[at + 2] << 8) : 0;
    if (file[at] === 0) messages.push(file.subarray(at + 3, at + 3 + size));
    at += [3 + size, 6, 2, 1][file[at] % 4];
  }
  return messages;
}

function open() {
  const words = new Uint32Array(game.memory.buffer, game.sk_wasm_options(), 8);
  words.fill(0);
  words.set(OPTIONS);
  if (game.sk_wasm_open(PLAYERS, 1) !== 0) throw new Error("open");
}

function sample(nowUs, tick) {
  const input = new DataView(game.memory.buffer, game.sk_wasm_input(), 20);
  input.setUint32(0, tick % 7 < 4 ? 1 : 0, true); // it fires
  input.setInt16(4, 32767 * Math.sign(Math.sin(tick / 20)), true);
  input.setInt16(8, tick * 300, true);
  game.sk_wasm_core_render(nowUs);
  game.sk_wasm_core_sample(nowUs);
}

function take(message, nowUs) {
  bytesAt(game.sk_wasm_message(), message.length).set(message);
  const beganMs = performance.now();
  const result = game.sk_wasm_core_take(message.length, nowUs);
  const us = (performance.now() - beganMs) * 1000;
  if (result !== 0) throw new Error(`snapshot: ${result}`);
  return us;
}

/** Plays a match whose snapshots are told 750 ms after their inputs. */
function play(messages, samples) {
  let nowUs = 1e6;
  open();
  game.sk_wasm_core_start(ME, 1, 3, 1n, 20000, nowUs, 0);
  take(messages[0], nowUs);
  for (let tick = 1; tick <= AHEAD_TICKS + 3 * messages.length; tick++) {
    nowUs += TICK_US;
    sample(nowUs, tick);
    const number = (tick - AHEAD_TICKS) / 3;
    if (number < 1 || !Number.isInteger(number) || !messages[number]) continue;
    const us = take(messages[number], nowUs);
    const at = game.sk_wasm_core_figures(nowUs) / 8;
    const figures = new Float64Array(game.memory.buffer).subarray(at, at + 20);
    const ticks = figures[FIGURE_PREDICTED_TICK] - figures[FIGURE_NEWEST_TICK];
    if (ticks === AHEAD_TICKS) samples.push(us);
  }
}

load();
const folder = new URL("tests/fuzz/corpus/predict/", root);
const matches = readdirSync(folder).map((name) => snapshotsOf(readFileSync(new URL(name, folder))));
for (const messages of matches) play(messages, []); // until it is compiled
const samples = [];
for (let i = 0; i < rounds; i++) for (const messages of matches) play(messages, samples);
samples.sort((a, b) => a - b);
const at = (share) => samples[Math.floor((samples.length - 1) * share)]?.toFixed(1);
console.log(
  `bench=replay ticks=${AHEAD_TICKS} players=${PLAYERS} snapshots=${samples.length} ` +
    `replay_us_p50=${at(0.5)} replay_us_p99=${at(0.99)} goal_us=${GOAL_US}`,
);
process.exit(samples.length > 0 && at(0.99) <= GOAL_US ? 0 : 1);
