// reason.ts - why something was refused or ended: one word, the same as in the server's log, and a
// sentence for a person.
import { reasons } from "../generated/reasons.ts";

export interface Reason {
  readonly word: string;
  readonly sentence: string;
}

const sentences = new Map<string, string>(reasons.map(({ word, sentence }) => [word, sentence]));
const words: readonly string[] = reasons.map(({ word }) => word);

/** SESSION.md, "Coming back": a close with one of these is not retried. */
const finalWords: ReadonlySet<string> = new Set([
  "left", "kicked", "displaced", "room_closed", "room_failed", "room_unknown", "seat_gone",
  "version", "layout", "code", "ticket_malformed", "ticket_forged", "ticket_expired", "ticket_used",
]);

/** SESSION.md, "Joining": a join refused with one of these is tried again. */
const passingWords: ReadonlySet<string> = new Set([
  "peer_gone", "server_busy", "join_rate", "tls_busy", "address_limit",
]);

export function reasonOf(word: string): Reason {
  return { word, sentence: sentences.get(word) ?? "the connection ended" };
}

/** Whether the server gave this word its meaning; a proxy's close text, say, is no reason. */
export function isReason(word: string): boolean {
  return sentences.has(word);
}

/** The word of a number on the wire, undefined for one that a newer server knows. */
export function wordOfNumber(position: number): string | undefined {
  return words[position];
}

export function isFinal(word: string): boolean {
  return finalWords.has(word);
}

export function isPassing(word: string): boolean {
  return passingWords.has(word);
}

/** What connect() and the join API reject with. */
export class JoinError extends Error implements Reason {
  readonly word: string;
  /** How long the server wants to be left alone, 0 when it did not say. */
  readonly afterMs: number;

  constructor(word: string, sentence: string = reasonOf(word).sentence, afterMs = 0) {
    super(sentence);
    this.name = "JoinError";
    this.word = word;
    this.afterMs = afterMs;
  }

  get sentence(): string {
    return this.message;
  }
}
