// shot_words.ts - a shot explained, in sentences.
import { type Limit, type RailShot, distanceTo } from "../arena/shot_log";

const limits: Readonly<Record<Limit, string>> = {
  none: "No limit bit: it was judged as you saw it.",
  old: "Your view was older than the game allows: the oldest that counts was taken.",
  wide: "Your screen drew between snapshots too far apart: the newer one was taken.",
  ahead: "Your view came forward faster than anybody draws: it was held back.",
  behind: "Your view fell behind faster than anybody draws: it was held at its pace.",
};

function tiles(value: number): string {
  return `${value.toFixed(2)} tiles`;
}

/** What is known of it, a sentence each. */
export function explain(
  shot: RailShot | undefined, nameOf: (player: number) => string, tickHz: number,
): string[] {
  if (!shot) return ["You have not fired the rail yet."];
  const { verdict } = shot;
  if (!verdict) return ["Fired. The server has not judged it yet."];
  const { target, missed, moved, ageTicks, limit } = verdict;
  if (target < 0) return ["Nobody was near.", limits[limit]];
  const name = nameOf(target);
  const drawn = shot.drawn.find(({ player }) => player === target);
  const lines = [missed <= 0 ? `It hit ${name}.` : `It missed ${name} by ${tiles(missed)}.`];
  if (drawn) {
    lines.push(`On your screen it passed ${tiles(distanceTo(shot, drawn))} from the middle.`);
  }
  const ms = Math.round((ageTicks * 1000) / tickHz);
  lines.push(ageTicks > 0
    ? `Judged ${ms} ms back, with ${name} put back by ${tiles(moved)}.`
    : "Judged in the present.");
  lines.push(limits[limit]);
  return lines;
}
