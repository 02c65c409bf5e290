// games.ts - the server that the page comes from, the line to it, and the games that the page was
// built with.
import { Client, LinkSimulator, loadWasmGame } from "skirmish-sdk";

import { games as built } from "../generated/games";
import { parseLink } from "./overlay/link_form";

const offered = Object.entries(built).map(([name, { wasm, tables }]) => {
  return [name, { tables, load: () => loadWasmGame(name, wasm) }] as const;
});

const { seed, ...conditions } = parseLink(new URLSearchParams(location.search).get("link") ?? "");

/** Worse than the line is, if somebody wants it so. */
export const link = new LinkSimulator(conditions, seed);

export const client = new Client({
  games: Object.fromEntries(offered), openSocket: link.openSocket,
});
