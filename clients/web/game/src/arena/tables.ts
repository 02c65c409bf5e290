// tables.ts - where arena's rows are, found by name in the tables that the game's build wrote.  A
// name that a table lacks does not compile.
import { events, kinds } from "../../generated/arena";

type Named = { readonly name: string };

function indexOf<Tables extends readonly Named[]>(
  tables: Tables, name: Tables[number]["name"],
): number {
  return tables.findIndex((table) => table.name === name);
}

function rowsOf<Fields extends readonly Named[], Name extends Fields[number]["name"]>(
  fields: Fields, ...names: Name[]
): Record<Name, number> {
  const rows = names.map((name) => [name, indexOf(fields, name)] as const);
  return Object.fromEntries(rows) as Record<Name, number>;
}

export const Kind = {
  player: indexOf(kinds, "player"),
  projectile: indexOf(kinds, "projectile"),
  pickup: indexOf(kinds, "pickup"),
  match: indexOf(kinds, "match"),
} as const;

const [player, projectile, pickup, match] = kinds;
export const Player = rowsOf(
  player.fields, "x", "y", "aim", "health", "weapon", "shielded", "score", "deaths", "colour",
);
export const Projectile = rowsOf(projectile.fields, "x", "y", "angle");
export const Pickup = rowsOf(pickup.fields, "x", "y", "ready", "type");
export const MatchRow = rowsOf(match.fields, "left_seconds", "state", "winner", "map");

/** Rows that only the owner gets; they follow the others. */
const ownRows = rowsOf(player.own, "slugs", "dash_wait_ticks", "respawn_ticks");
export const OwnPlayer = {
  slugs: player.fields.length + ownRows.slugs,
  dashWait: player.fields.length + ownRows.dash_wait_ticks,
  respawn: player.fields.length + ownRows.respawn_ticks,
} as const;

export const Event = {
  shot: indexOf(events, "shot"),
  beam: indexOf(events, "beam"),
  hit: indexOf(events, "hit"),
  kill: indexOf(events, "kill"),
  pickup: indexOf(events, "pickup"),
  spawn: indexOf(events, "spawn"),
  roundStart: indexOf(events, "round-start"),
  roundEnd: indexOf(events, "round-end"),
} as const;

const [shot, beam, hit, , kill, taken, spawn, roundStart, roundEnd] = events;
export const Shot = rowsOf(shot.fields, "player");
export const Beam = rowsOf(beam.fields, "player", "x", "y", "angle", "length");
export const Hit = rowsOf(hit.fields, "victim");
export const Kill = rowsOf(kill.fields, "killer", "victim", "weapon", "streak");
export const Taken = rowsOf(taken.fields, "player");
export const Spawn = rowsOf(spawn.fields, "player");
export const RoundStart = rowsOf(roundStart.fields, "round");
export const RoundEnd = rowsOf(roundEnd.fields, "winner");
