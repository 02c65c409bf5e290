// farewell.ts - what a player reads when a session is over for good.
import type { Reason } from "skirmish-sdk";

import { isMisfit } from "../reload";

/** `stopping`: the server had said that it would stop.  Empty when the player left on purpose. */
export function farewell({ word, sentence }: Reason, stopping: boolean): string {
  if (word === "left") return "";
  if (isMisfit(word)) return "The server went on with another version of the game.";
  const unknown = word.startsWith("ticket_") || word === "room_unknown" || word === "seat_gone";
  if (!unknown) return `The match is over for you: ${sentence}.`;
  if (stopping) return "The server has restarted, and the match ended with it.";
  if (word === "seat_gone") return "The match went on without you: your seat was given up.";
  return "The server was started anew and does not know your seat any more.";
}
