// games.ts - the server that the page comes from, the line to it, and the games whose tables the
// page was built with; the server has their code, and the tables of others.
import { Client, LinkSimulator } from "skirmish-sdk";

import { games } from "../generated/games";
import { parseLink } from "./overlay/link_form";

const address = new URLSearchParams(location.search);
const { seed, ...conditions } = parseLink(address.get("link") ?? "");

/** Worse than the line is, if somebody wants it so. */
export const link = new LinkSimulator(conditions, seed);

export const client = new Client({
  games, openSocket: link.openSocket, guards: address.has("guard"),
});
