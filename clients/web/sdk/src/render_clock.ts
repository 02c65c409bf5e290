// render_clock.ts - which moment of the past is drawn.
//
// Every snapshot is "tick T came at t".  The quickest of the last two seconds says when a tick
// happened (plus the path's own delay); how much later others came is the jitter.  Drawing stays
// one interval behind that, so that there is always a snapshot on each side, and a share more for
// the jitter: about two intervals in all.  Corrections bend the speed of time by at most 10%; only
// a gap that would take seconds to bend away is jumped.

const WINDOW_MS = 2000;
const SPARE_INTERVALS = 0.5;
const JITTER_PERCENTILE = 0.95;
const DELAY_MS_MAX = 400;
const BEND_MAX = 0.1;
const BEND_OVER_MS = 250; // an error is bent away over about this time
const JUMP_MS = 400;

interface Arrival {
  readonly atMs: number;
  readonly transitMs: number;
}

export class RenderClock {
  private readonly arrivals: Arrival[] = [];
  private readonly tickMs: number;
  private readonly intervalMs: number;
  private quickestMs = 0;
  private delay = 0;
  private renderMs: number | undefined; // the moment drawn last, in the server's time
  private framedMs = 0;

  constructor(tickMs: number, snapshotDivisor: number) {
    this.tickMs = tickMs;
    this.intervalMs = tickMs * snapshotDivisor;
  }

  /** How far behind the newest tick drawing is, for the curious. */
  get delayMs(): number {
    return this.delay;
  }

  arrived(tick: number, nowMs: number): void {
    this.arrivals.push({ atMs: nowMs, transitMs: nowMs - tick * this.tickMs });
    while (this.arrivals[0]!.atMs < nowMs - WINDOW_MS) this.arrivals.shift();
    const transits = this.arrivals.map((arrival) => arrival.transitMs).sort((a, b) => a - b);
    this.quickestMs = transits[0]!;
    const late = transits[Math.floor((transits.length - 1) * JITTER_PERCENTILE)]!;
    const jitterMs = late - this.quickestMs;
    this.delay = Math.min(this.intervalMs * (1 + SPARE_INTERVALS) + jitterMs, DELAY_MS_MAX);
  }

  /** The tick to draw now, with its fraction; undefined before the first snapshot.  Never goes
   * back, save for a jump. */
  tickAt(nowMs: number): number | undefined {
    if (this.arrivals.length === 0) return undefined;
    const goalMs = nowMs - this.quickestMs - this.delay;
    if (this.renderMs === undefined || Math.abs(goalMs - this.renderMs) > JUMP_MS) {
      this.renderMs = goalMs;
    } else {
      this.renderMs = this.bend(this.renderMs, goalMs, nowMs - this.framedMs);
    }
    this.framedMs = nowMs;
    return Math.max(0, this.renderMs / this.tickMs);
  }

  private bend(renderMs: number, goalMs: number, elapsedMs: number): number {
    const errorMs = goalMs - elapsedMs - renderMs;
    const bend = Math.max(-BEND_MAX, Math.min(BEND_MAX, errorMs / BEND_OVER_MS));
    return renderMs + elapsedMs * (1 + bend);
  }
}
