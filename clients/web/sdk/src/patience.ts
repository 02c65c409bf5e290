// patience.ts - tries again what the network or a busy server refused (SESSION.md, "Joining"):
// after 0-500 ms at random, then doubling, for half a minute in all.  It is what libskirmish does,
// over promises: in the game's module it would come too late, for a join is what finds one.
import { joinMs } from "../generated/retry.ts";
import { JoinError, type Reason } from "./reason.ts";
import { Retry } from "./retry.ts";

export interface Waiting {
  readonly reason: Reason;
  readonly attempt: number;
  /** Until the next try. */
  readonly retryMs: number;
}

export class Patience {
  private readonly retry = new Retry();
  private readonly waiting: (waiting: Waiting) => void;
  private readonly endMs = performance.now() + joinMs;

  private readonly passes: (word: string) => boolean;

  /** `waiting` is told before each wait; `passes` knows the words that a wait may help. */
  constructor(waiting: (waiting: Waiting) => void, passes: (word: string) => boolean) {
    this.passes = passes;
    this.waiting = waiting;
    this.retry.nextMs(); // of 0: what was just refused is not asked for at once
  }

  /** Runs `act` until it resolves, or rejects with what does not pass by waiting. */
  async keep<Result>(act: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof JoinError) || !this.passes(error.word)) throw error;
        await this.wait(error, attempt);
      }
    }
  }

  private async wait(error: JoinError, attempt: number): Promise<void> {
    const retryMs = Math.max(this.retry.nextMs(), error.afterMs);
    if (performance.now() + retryMs > this.endMs) throw error;
    this.waiting({ reason: error, attempt, retryMs });
    await new Promise((done) => setTimeout(done, retryMs));
  }
}
