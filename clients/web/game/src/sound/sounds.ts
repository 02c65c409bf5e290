// sounds.ts - what each thing sounds like: shots are short and dry so that many at once stay clear,
// what concerns you rings longer.
import type { Happening, Placed } from "../arena/scene";
import type { Camera } from "../render/camera";
import type { Synth, Tone } from "./synth";

const bolt: Tone[] = [
  { wave: "square", from: 880, to: 190, seconds: 0.1, gain: 0.16 },
  { wave: "noise", from: 3200, to: 900, seconds: 0.05, gain: 0.22 },
];
const beam: Tone[] = [
  { wave: "sawtooth", from: 1900, to: 120, seconds: 0.26, gain: 0.16 },
  { wave: "noise", from: 6000, to: 400, seconds: 0.18, gain: 0.3 },
  { wave: "sine", from: 120, to: 45, seconds: 0.2, gain: 0.4 },
];
const impact: Tone[] = [{ wave: "noise", from: 2400, to: 700, seconds: 0.06, gain: 0.16 }];
const hurt: Tone[] = [
  { wave: "triangle", from: 210, to: 70, seconds: 0.16, gain: 0.5 },
  { wave: "noise", from: 700, to: 200, seconds: 0.12, gain: 0.4 },
];
const hitMark: Tone[] = [{ wave: "square", from: 1500, to: 1900, seconds: 0.045, gain: 0.14 }];
const wreck: Tone[] = [
  { wave: "noise", from: 1200, to: 60, seconds: 0.55, gain: 0.6 },
  { wave: "sine", from: 150, to: 32, seconds: 0.5, gain: 0.6 },
];
const kill: Tone[] = [
  { wave: "triangle", from: 660, to: 660, seconds: 0.1, gain: 0.35 },
  { wave: "triangle", from: 880, to: 880, seconds: 0.12, gain: 0.35, delay: 0.08 },
  { wave: "triangle", from: 1320, to: 1320, seconds: 0.22, gain: 0.35, delay: 0.16 },
];
const pickup: Tone[] = [
  { wave: "sine", from: 520, to: 780, seconds: 0.12, gain: 0.3 },
  { wave: "sine", from: 780, to: 1170, seconds: 0.18, gain: 0.3, delay: 0.08 },
];
const spawn: Tone[] = [{ wave: "sine", from: 180, to: 720, seconds: 0.3, gain: 0.22 }];
const fanfare: Tone[] = [392, 523, 659, 784].map((from, i) => ({
  wave: "triangle" as const, from, to: from, seconds: 0.5, gain: 0.3, delay: i * 0.13,
}));
export const beep: Tone[] = [{ wave: "square", from: 740, to: 740, seconds: 0.07, gain: 0.12 }];

const EARSHOT = 22; // tiles

/** Whom it is about: of a kill, who did it. */
function actorOf(what: Placed): number {
  if (what.type === "killed") return what.by;
  return what.type === "impact" ? -1 : what.player;
}

export function playHappening(synth: Synth, what: Happening, me: number, ear: Camera): void {
  if (what.type === "result") return;
  if (what.type === "started" || what.type === "ended") return synth.play(fanfare);
  const [east, south] = [what.x - ear.x, what.y - ear.y];
  const gain = Math.max(0, 1 - Math.hypot(east, south) / EARSHOT) ** 1.5;
  const pan = (east / EARSHOT) * 1.6;
  const mine = actorOf(what) === me;
  switch (what.type) {
    case "fired":
      return synth.play(bolt, mine ? 1 : gain * 0.8, pan);
    case "beam":
      return synth.play(beam, mine ? 1 : gain * 0.8, pan);
    case "impact":
      return synth.play(impact, gain, pan);
    case "hit":
      return synth.play(mine ? hurt : impact, mine ? 1 : gain, pan);
    case "hurt":
      return; // the hit itself sounds
    case "marked":
      return what.first ? synth.play(hitMark) : undefined;
    case "killed":
      synth.play(wreck, gain, pan);
      return mine && what.player !== me ? synth.play(kill) : undefined;
    case "spawned":
      return mine ? synth.play(spawn) : undefined;
    case "picked":
      return synth.play(pickup, mine ? 1 : gain * 0.4, pan);
  }
}
