// games.ts - the games that this page was built with: their code for the SDK, their tables for the
// plain view.
import { type GameModule, loadWasmGame } from "skirmish-sdk";

import { games } from "../generated/games";

type Name = keyof typeof games;

/** What connect() wants: each game's code, loaded when a room plays it. */
export const modules: Readonly<Record<string, () => Promise<GameModule>>> = Object.fromEntries(
  Object.entries(games).map(([name, { wasm }]) => [name, () => loadWasmGame(name, wasm)]),
);

export interface Field {
  readonly name: string;
  readonly unit: string;
  readonly min?: number;
  readonly max?: number;
}

export interface Table {
  readonly name: string;
  readonly fields: readonly Field[];
}

/** What a game's build wrote of it (clients/web/describe). */
export interface GameTables {
  readonly kinds: readonly (Table & { readonly own: readonly Field[] })[];
  readonly events: readonly Table[];
}

/** The tables of a game of `modules`. */
export function tablesOf(name: string): GameTables {
  return games[name as Name].tables;
}
