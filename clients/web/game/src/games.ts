// games.ts - the server that the page comes from, and the games that it was built with.
import { Client, loadWasmGame } from "skirmish-sdk";

import { games as built } from "../generated/games";

const offered = Object.entries(built).map(([name, { wasm, tables }]) => {
  return [name, { tables, load: () => loadWasmGame(name, wasm) }] as const;
});

export const client = new Client({ games: Object.fromEntries(offered) });
