// refusal.ts - why a join did not work, for a person.
import type { Reason, Waiting } from "skirmish-sdk";

import { isMisfit } from "../reload";

/** `room` is the code that was asked for. */
export function refusalWords({ word, sentence }: Reason, room: string | undefined): string {
  if (room !== undefined && word === "room_unknown") return `There is no room ${room}.`;
  if (room !== undefined && word === "room_full") return `Room ${room} is full.`;
  if (room !== undefined && word === "room_password") return `Room ${room} asks for its password.`;
  if (isMisfit(word)) return `Not this time, and loading the page anew did not help: ${sentence}.`;
  return `Not this time: ${sentence}.`;
}

/** While a join is tried again. */
export function waitingWords({ reason }: Waiting): string {
  if (reason.word === "peer_gone") return "The server does not answer, trying again \u2026";
  return "The server is busy, trying again \u2026";
}
