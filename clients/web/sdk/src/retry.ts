// retry.ts - when to try again (SESSION.md, "Coming back"), as shared/client/client_retry.c has it:
// the build writes its table, for a join comes before there is any game's module to ask.
import {
  blameWords, blamelessMs, blamesMax, finalWords, retryBoundsMs,
} from "../generated/retry.ts";

export class Retry {
  private attempts = 0;
  private blames = 0;
  private readonly random: () => number;

  constructor(random: () => number = Math.random) {
    this.random = random;
  }

  get attempt(): number {
    return this.attempts;
  }

  /** A connection works. */
  reset(): void {
    this.attempts = 0;
  }

  /** How long to wait before the next try. */
  nextMs(): number {
    const bound = retryBoundsMs[this.attempts++] ?? retryBoundsMs.at(-1)!;
    return this.random() * bound;
  }

  /** The connection to a seat ended with `word`, so long after its Welcome, or before one.  Returns
   * whether to come back. */
  onEnd(word: string, playedMs: number): boolean {
    if (playedMs >= blamelessMs) this.blames = 0;
    if (finalWords.has(word)) return false;
    if (!blameWords.has(word)) return true;
    this.attempts = Math.max(this.attempts, this.blames++);
    return this.blames < blamesMax;
  }
}
