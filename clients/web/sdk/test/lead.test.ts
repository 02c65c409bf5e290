import { describe, expect, test } from "vitest";

import { LeadClock } from "../src/lead.ts";

const TICK_MS = 1000 / 60;

/** A path that delays inputs by `delayMs` and reports by as much; a snapshot every 3 ticks. */
class Path {
  nowMs = 0;
  private readonly lead: LeadClock;
  private readonly reports: { atMs: number; tick: number; margin: number }[] = [];

  constructor(public delayMs: number) {
    this.lead = new LeadClock(TICK_MS, this.serverTick(), 0, 2 * delayMs);
  }

  private serverTick(): number {
    return 100 + this.nowMs / TICK_MS;
  }

  /** Ticks that an input stamped now has to spare when it arrives. */
  margin(): number {
    const arrives = this.serverTick() + this.delayMs / TICK_MS;
    return Math.floor(this.lead.tickAt(this.nowMs)) - arrives;
  }

  leadTicks(): number {
    return this.lead.tickAt(this.nowMs) - this.serverTick();
  }

  run(ms: number): void {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; this.nowMs += TICK_MS * 3) {
      const tick = Math.floor(this.lead.tickAt(this.nowMs));
      const atMs = this.nowMs + 2 * this.delayMs;
      this.reports.push({ atMs, tick, margin: this.margin() });
      while (this.reports[0] && this.reports[0].atMs <= this.nowMs) {
        const report = this.reports.shift()!;
        this.lead.report(report.tick, report.margin, this.nowMs);
      }
    }
  }
}

describe("LeadClock", () => {
  test("a good first guess stays where it is, within the band", () => {
    const path = new Path(20);
    const before = path.leadTicks();
    path.run(1000);
    expect(Math.abs(path.leadTicks() - before)).toBeLessThan(1);
  });

  test("a path that became slower is followed at once and only once", () => {
    const path = new Path(20);
    path.run(3000);
    path.delayMs = 120;
    path.run(600);
    expect(path.margin()).toBeGreaterThan(-0.5);
    expect(path.margin()).toBeLessThan(3); // twice the step would be six ticks too many
  });

  test("a path that became quicker is followed by at most 1% of time", () => {
    const path = new Path(200);
    path.run(3000);
    const before = path.leadTicks();
    path.delayMs = 20;
    path.run(4000);
    const fell = before - path.leadTicks();
    expect(fell).toBeGreaterThan(0.3);
    expect(fell).toBeLessThanOrEqual((4100 / TICK_MS) * 0.01);
  });

  test("a report without a new input moves nothing", () => {
    const lead = new LeadClock(TICK_MS, 100, 0, 40);
    lead.report(101, 1, 50);
    const before = lead.tickAt(1000);
    lead.report(101, -30, 100);
    expect(lead.tickAt(1000)).toBe(before);
  });
});
