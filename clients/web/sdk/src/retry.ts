// retry.ts - when to try again (SESSION.md, "Coming back"), as shared/client/client_retry.c has it:
// the build writes its table, for a join comes before there is any game's module to ask.
import { retryBoundsMs } from "../generated/retry.ts";

export class Retry {
  private attempts = 0;
  private readonly random: () => number;

  constructor(random: () => number = Math.random) {
    this.random = random;
  }

  get attempt(): number {
    return this.attempts;
  }

  /** How long to wait before the next try. */
  nextMs(): number {
    const bound = retryBoundsMs[this.attempts++] ?? retryBoundsMs.at(-1)!;
    return this.random() * bound;
  }
}
