// patience.ts - tries again what the network or a busy server refused (SESSION.md, "Joining"):
// after 0-500 ms at random, then doubling, for half a minute in all.
import { Backoff } from "./backoff.ts";
import { JoinError, type Reason, isPassing } from "./reason.ts";

const PATIENCE_MS = 30000;

export interface Waiting {
  readonly reason: Reason;
  readonly attempt: number;
  /** Until the next try. */
  readonly retryMs: number;
}

export class Patience {
  private readonly backoff = new Backoff();
  private readonly waiting: (waiting: Waiting) => void;
  private readonly endMs = performance.now() + PATIENCE_MS;

  /** `waiting` is told before each wait. */
  constructor(waiting: (waiting: Waiting) => void) {
    this.waiting = waiting;
    this.backoff.nextMs(); // of 0: what was just refused is not asked for at once
  }

  /** Runs `act` until it resolves, or rejects with what does not pass by waiting. */
  async keep<Result>(act: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof JoinError) || !isPassing(error.word)) throw error;
        await this.wait(error, attempt);
      }
    }
  }

  private async wait(error: JoinError, attempt: number): Promise<void> {
    const retryMs = Math.max(this.backoff.nextMs(), error.afterMs);
    if (performance.now() + retryMs > this.endMs) throw error;
    this.waiting({ reason: error, attempt, retryMs });
    await new Promise((done) => setTimeout(done, retryMs));
  }
}
