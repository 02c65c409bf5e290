// lead.ts - how far ahead of the server this client stamps its inputs (SESSION.md, "Inputs and
// time").
//
// Each snapshot reports the smallest margin of our inputs since the one before: how many ticks
// before its step an input arrived.  The lead follows the 5th percentile of that over 2 s:
//
//              GOAL - BAND     GOAL     GOAL + BAND
//   ---------------|------------|------------|----------------> 5th percentile, ticks
//     up at once,      nothing: dead band        down, by at
//     to GOAL                                    most 1% of time
//
// Reports lag by a round trip.  Those about inputs sent before a step up are corrected by that
// step, so that it is not taken twice.

const WINDOW_MS = 2000;
const GOAL_TICKS = 1;
const BAND_TICKS = 0.5; // to each side: the dead band is one tick wide
const PERCENTILE = 0.05;
const DOWN_RATE = 0.01;
const SLACK_TICKS = 2; // of the first guess, before any report
const FIRST_LEAD_TICKS_MAX = 30;

interface Sample {
  readonly atMs: number;
  ticks: number;
}

export class LeadClock {
  private readonly samples: Sample[] = [];
  private readonly tickMs: number;
  private originMs: number; // when tick 0 would have been stamped
  private stepTick = 0; // the first tick stamped after the last step up
  private stepTicks = 0;
  private movedMs: number;
  private reportedTick = 0;

  /** At `nowMs` a Welcome named `tick`, `roundTripMs` after Hello was sent. */
  constructor(tickMs: number, tick: number, nowMs: number, roundTripMs: number) {
    const lead = Math.min(roundTripMs / tickMs, FIRST_LEAD_TICKS_MAX) + SLACK_TICKS;
    this.tickMs = tickMs;
    this.originMs = nowMs - (tick + lead) * tickMs;
    this.movedMs = nowMs;
  }

  /** The tick that an input sampled now is for, with its fraction. */
  tickAt(nowMs: number): number {
    return (nowMs - this.originMs) / this.tickMs;
  }

  /** A snapshot came: the server's newest input is of `inputTick`, the smallest margin `ticks`. */
  report(inputTick: number, ticks: number, nowMs: number): void {
    if (inputTick === 0 || inputTick === this.reportedTick) return; // nothing arrived since
    const oldest = this.reportedTick + 1; // that this report may speak of
    this.reportedTick = inputTick;
    const correction = oldest < this.stepTick ? this.stepTicks : 0;
    this.samples.push({ atMs: nowMs, ticks: ticks + correction });
    while (this.samples[0]!.atMs < nowMs - WINDOW_MS) this.samples.shift();
    this.follow(nowMs);
  }

  private follow(nowMs: number): void {
    const elapsedMs = nowMs - this.movedMs;
    const margin = this.percentile();
    this.movedMs = nowMs;
    if (margin < GOAL_TICKS - BAND_TICKS) this.stepUp(GOAL_TICKS - margin, nowMs);
    if (margin > GOAL_TICKS + BAND_TICKS) {
      const most = (elapsedMs * DOWN_RATE) / this.tickMs;
      this.move(-Math.min(margin - GOAL_TICKS, most));
    }
  }

  private stepUp(ticks: number, nowMs: number): void {
    const next = Math.floor(this.tickAt(nowMs)) + 1;
    this.stepTicks = this.reportedTick < this.stepTick ? this.stepTicks + ticks : ticks;
    this.stepTick = next;
    this.move(ticks);
  }

  private move(ticks: number): void {
    this.originMs -= ticks * this.tickMs;
    for (const sample of this.samples) sample.ticks += ticks;
  }

  private percentile(): number {
    const sorted = this.samples.map((sample) => sample.ticks).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length * PERCENTILE)]!;
  }
}
