// reason.ts - why something was refused or ended: one word, the same as in the server's log, and a
// sentence for a person.
import { reasons } from "../generated/reasons.ts";
import { finalWords, passingWords } from "../generated/retry.ts";

export interface Reason {
  readonly word: string;
  readonly sentence: string;
}

const sentences = new Map<string, string>(reasons.map(({ word, sentence }) => [word, sentence]));
const words: readonly string[] = reasons.map(({ word }) => word);

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

/** Whether nobody comes back to a seat after it. */
export function isFinal(word: string): boolean {
  return finalWords.has(word);
}

/** Whether a join that was refused so may succeed in a moment. */
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
