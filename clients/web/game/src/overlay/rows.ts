// rows.ts - what the overlay says: figures as words.  A verdict stands beside each colour.
import type {
  Figures, Predicting, Probed, TrafficFigures, Trouble, WayFigures,
} from "skirmish-sdk";

export type Verdict = "good" | "fair" | "poor";

export interface Row {
  readonly label: string;
  readonly value: string;
  /** What to think of it, in a word; "" for what is only told. */
  readonly word: string;
  readonly verdict: Verdict | undefined;
}

/** What was counted since some moment ago. */
export interface Counted {
  readonly lateInputs: number;
  readonly repeatedInputs: number;
  readonly underruns: number;
  readonly matched: number;
  readonly late: number;
  readonly touched: number;
  readonly diverging: number;
}

type Words = Readonly<Record<Verdict, string>>;

const PING_MS = [90, 200] as const; // good up to, fair up to
const JITTER_MS = [10, 30] as const;
const AGE_MS = [120, 400] as const;
const MARGIN_TICKS = [0.5, 0] as const; // good down to, fair down to
const COUNTS = [0, 3] as const;
const NEVER = [0, 0] as const;
const OFFSETS = [0.003, 0.015] as const; // of a row's range: the map, for a place
const TICK_US = [0.5, 1] as const; // of a tick's time
const QUEUE_BYTES = [512, 4096] as const;

function judge(value: number, [good, fair]: readonly [number, number]): Verdict {
  return value <= good ? "good" : value <= fair ? "fair" : "poor";
}

function worse(a: Verdict, b: Verdict): Verdict {
  const order: readonly Verdict[] = ["good", "fair", "poor"];
  return order[Math.max(order.indexOf(a), order.indexOf(b))]!;
}

function row(label: string, value: string, verdict?: Verdict, words?: Words): Row {
  return { label, value, verdict, word: verdict && words ? words[verdict] : "" };
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

function ticks(value: number): string {
  return `${value.toFixed(1)} ticks`;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(2)}%`;
}

function rate(bytesPerSecond: number): string {
  return `${(bytesPerSecond / 1000).toFixed(1)} kB/s`;
}

/** What was counted between two moments. */
export function countedSince(now: Counted, then: Counted): Counted {
  return {
    lateInputs: now.lateInputs - then.lateInputs,
    repeatedInputs: now.repeatedInputs - then.repeatedInputs,
    underruns: now.underruns - then.underruns,
    matched: now.matched - then.matched,
    late: now.late - then.late,
    touched: now.touched - then.touched,
    diverging: now.diverging - then.diverging,
  };
}

export function lineRows(figures: Figures): Row[] {
  const { rttMs, jitterMs, ageMs } = figures;
  const ping = worse(judge(rttMs, PING_MS), judge(jitterMs, JITTER_MS));
  const age = Number.isFinite(ageMs) ? ms(ageMs) : "none yet";
  return [
    row("ping", `${ms(rttMs)}, varies by ${ms(jitterMs)}`, ping, {
      good: "near", fair: "usable", poor: "rough",
    }),
    row("snapshot", `${age} old`, judge(ageMs, AGE_MS), {
      good: "fresh", fair: "waiting", poor: "overdue",
    }),
  ];
}

/** `minute`: what was counted in the last one. */
export function inputRows({ leadMs, marginTicks, isHeld }: Figures, minute: Counted): Row[] {
  const [good, fair] = MARGIN_TICKS;
  const margin = marginTicks >= good ? "good" : marginTicks >= fair ? "fair" : "poor";
  const { lateInputs, repeatedInputs } = minute;
  const missed = `${lateInputs} late, ${repeatedInputs} missing`;
  const lead = `${ms(leadMs)} ahead, ${ticks(marginTicks)} to spare`;
  return [
    row("inputs", isHeld ? "wait for the server" : lead, isHeld ? "poor" : margin, {
      good: "in time", fair: "just in time", poor: isHeld ? "held" : "late",
    }),
    row("a minute", missed, judge(lateInputs + repeatedInputs, COUNTS), {
      good: "none lost", fair: "a few", poor: "many",
    }),
  ];
}

/** `minute`: as above. */
export function drawingRows({ delayMs }: Figures, { underruns }: Counted): Row[] {
  const waits = `${underruns} ${underruns === 1 ? "wait" : "waits"}`;
  return [
    row("others", `${ms(delayMs)} ago, ${waits}`, judge(underruns, COUNTS), {
      good: "smooth", fair: "hesitates", poor: "stutters",
    }),
  ];
}

const nonePredicted: Partial<Readonly<Record<Predicting, string>>> = {
  waiting: "none yet: no snapshot came",
  code: "none: the server has other code",
  spectator: "none: you only look",
  fault: "none: it went wrong",
};

/** What went wrong, and where: entity, row, tick. */
export function troubleRows(trouble: Trouble | undefined): Row[] {
  return trouble ? [row(trouble.what, trouble.words, "poor")] : [];
}

/** `worst`: the largest offset of the last minute. */
export function predictionRows(
  state: Predicting, figures: Figures, minute: Counted, worst: number,
): Row[] {
  const { predictedTick, newestTick, offset } = figures;
  const none = nonePredicted[state];
  if (none) return [row("prediction", none)];
  const { touched, late, matched, diverging } = minute;
  const ahead = `${predictedTick - newestTick} ticks ahead`;
  const wrong = `${touched} by others, ${late} late, of ${touched + late + matched}`;
  return [
    row("prediction", ahead),
    row("corrections", wrong, judge(touched + late, COUNTS), {
      good: "agrees", fair: "a few", poor: "many",
    }),
    row("drawn off by", `${percent(offset)}, ${percent(worst)} at worst`, judge(worst, OFFSETS), {
      good: "true", fair: "seen", poor: "jumps",
    }),
    row("desync", `${diverging} snapshots`, judge(diverging, NEVER), {
      good: "none", fair: "none", poor: "a bug of the game's",
    }),
  ];
}

export function trafficRows({ up, down }: TrafficFigures, queuedBytes: number): Row[] {
  const way = ({ bytesPerSecond, p50Bytes, p95Bytes }: WayFigures) =>
    `${rate(bytesPerSecond)}, ${p50Bytes} / ${p95Bytes} B`;
  return [
    row("down", way(down)),
    row("up", way(up)),
    row("unsent", `${queuedBytes} B`, judge(queuedBytes, QUEUE_BYTES), {
      good: "free", fair: "busy", poor: "jammed",
    }),
  ];
}

/** `probed`: the newest that the server said of itself. */
export function serverRows(probed: Probed | undefined, tickHz: number): Row[] {
  if (!probed) return [row("server", "has not said yet")];
  const { stepUsP50, stepUsP99, lateUsP99, droppedTicks, unacked, snapshotsHeld } = probed;
  const part = (us: number) => judge((us * tickHz) / 1e6, TICK_US);
  const clock = worse(part(lateUsP99), judge(droppedTicks, COUNTS));
  const step = `${milliseconds(stepUsP50)} a tick, ${milliseconds(stepUsP99)} at worst`;
  return [
    row("server", step, part(stepUsP99), { good: "quick", fair: "busy", poor: "too slow" }),
    row("its clock", `${milliseconds(lateUsP99)} late, ${droppedTicks} ticks lost`, clock, {
      good: "steady", fair: "unsteady", poor: "late",
    }),
    row("it sent", `${unacked} under way, ${snapshotsHeld} held back`),
  ];
}

function milliseconds(us: number): string {
  return `${(us / 1000).toFixed(us < 10000 ? 2 : 0)} ms`;
}
