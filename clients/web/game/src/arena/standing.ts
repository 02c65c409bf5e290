// standing.ts - who is before whom, and what came of a round.
import type { PlayerView, RoundResult, Scene } from "./scene";

/** All players, the best first. */
export function ranked(scene: Scene): PlayerView[] {
  const views = Array.from({ length: scene.players.count }, (_, i) => scene.players.get(i));
  return views.sort((a, b) => b.score - a.score || a.deaths - b.deaths);
}

/** 1 for who has as many points as anybody. */
export function placeOf(me: PlayerView, scene: Scene): number {
  let place = 1;
  for (let i = 0; i < scene.players.count; i++) {
    if (scene.players.get(i).score > me.score) place++;
  }
  return place;
}

export function ordinal(place: number): string {
  const last = place % 10;
  const isTeen = Math.floor(place / 10) % 10 === 1;
  if (last === 0 || last > 3 || isTeen) return `${place}th`;
  return `${place}${["st", "nd", "rd"][last - 1]}`;
}

/** Ranks by number; a seat keeps its own over the rounds of a room. */
const rankTitles = ["Rookie", "Scout", "Gunner", "Veteran", "Champion", "Legend"] as const;

export function rankTitle(rank: number): string {
  return rankTitles[rank] ?? rankTitles.at(-1)!;
}

export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

/** At a round's end: what the own player did, the rank that comes of it, and what comes next.
 * `nextMap` is a name. */
export function resultLines(scene: Scene, nextMap: string): string[] {
  const next = `Next round in ${Math.max(0, Math.ceil(scene.secondsLeft))}`;
  const where = nextMap === "" ? next : `${next}, on ${nextMap}`;
  const me = scene.find(scene.me);
  if (!me) return [where];
  const { result } = scene;
  const count = result?.playerCount ?? scene.players.count;
  const place = ordinal(result?.place ?? placeOf(me, scene));
  const kills = `${counted(me.score, "kill")}, ${counted(me.deaths, "death")}`;
  const did = `You came ${place} of ${count}: ${kills}`;
  if (!result) return [`${did}.`, where];
  const { bestStreak, accuracy } = result;
  return [`${did}, best streak ${bestStreak}, ${accuracy}% of shots hit.`, rankLine(result), where];
}

function rankLine({ rank, gained, missing }: RoundResult): string {
  const earned = `${rankTitle(rank)}: ${counted(gained, "point")} earned`;
  if (missing === 0) return `${earned}. There is no higher rank.`;
  return `${earned}, ${missing} more to ${rankTitle(rank + 1)}.`;
}
