// backoff.ts - when to try again (SESSION.md, "Coming back"): at once, then after 0-500 ms at
// random, then doubling up to 8 s.  The random part keeps a room's players from knocking at once.

const FIRST_MS = 500;
const MOST_MS = 8000;

export class Backoff {
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
    const doublings = this.attempts++ - 1;
    if (doublings < 0) return 0;
    return Math.min(this.random() * FIRST_MS * 2 ** doublings, MOST_MS);
  }
}
