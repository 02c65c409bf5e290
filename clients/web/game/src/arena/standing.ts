// standing.ts - who is before whom.
import type { PlayerView, Scene } from "./scene";

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

/** At a round's end: the own place, and when the next one begins. */
export function resultWords(scene: Scene): string {
  const me = scene.find(scene.me);
  const next = `Next round in ${Math.max(0, Math.ceil(scene.secondsLeft))}`;
  if (!me) return next;
  const points = `${me.score} ${me.score === 1 ? "point" : "points"}`;
  const place = ordinal(placeOf(me, scene));
  return `You came ${place} of ${scene.players.count} with ${points}. ${next}`;
}
