import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { Socket } from "../src/link.ts";
import { LinkSimulator } from "../src/link_simulator.ts";

/** The far end of a line. */
class Far implements Socket {
  binaryType = "";
  bufferedAmount = 0;
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  readonly heard: number[] = [];
  isClosed = false;

  send(bytes: Uint8Array): void {
    this.heard.push(bytes[0]!);
  }

  close(): void {
    this.isClosed = true;
  }

  say(...bytes: number[]): void {
    this.onmessage?.({ data: Uint8Array.from(bytes).buffer });
  }
}

let far: Far;
let near: Socket;
let arrived: { byte: number; ms: number }[];

function open(conditions: ConstructorParameters<typeof LinkSimulator>[0], seed = 1): LinkSimulator {
  const link = new LinkSimulator(conditions, seed, () => (far = new Far()));
  near = link.openSocket("ws://host.invalid/");
  arrived = [];
  near.onmessage = ({ data }) => {
    arrived.push({ byte: new Uint8Array(data as ArrayBuffer)[0]!, ms: performance.now() });
  };
  return link;
}

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

test("a line on which nothing is set passes everything at once", () => {
  open({});
  far.say(1);
  near.send(Uint8Array.of(2));
  expect([arrived.length, far.heard]).toEqual([1, [2]]);
});

test("lag is of a round trip, half of it each way", async () => {
  open({ lagMs: 150 });
  near.send(Uint8Array.of(2));
  far.say(1);
  await vi.advanceTimersByTimeAsync(74);
  expect([arrived, far.heard]).toEqual([[], []]);
  await vi.advanceTimersByTimeAsync(2);
  expect([arrived.length, far.heard]).toEqual([1, [2]]);
});

test("variance keeps the order, and the same seed gives the same times", async () => {
  const run = async () => {
    open({ lagMs: 20, varianceMs: 40 }, 7);
    const startMs = performance.now();
    for (let i = 0; i < 20; i++) {
      far.say(i);
      await vi.advanceTimersByTimeAsync(5);
    }
    await vi.advanceTimersByTimeAsync(100);
    return arrived.map(({ byte, ms }) => [byte, Math.round(ms - startMs) - 5 * byte] as const);
  };
  const first = await run();
  expect(first.map(([byte]) => byte)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  const delays = first.map(([, ms]) => ms);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(10);
  expect(Math.max(...delays)).toBeLessThanOrEqual(51);
  expect(new Set(delays).size).toBeGreaterThan(3);
  expect(await run()).toEqual(first);
});

test("a lost piece comes a round trip and 200 ms later, and all behind it waits", async () => {
  const link = open({ lagMs: 100, lossShare: 1 });
  far.say(1);
  link.lossShare = 0;
  far.say(2);
  await vi.advanceTimersByTimeAsync(349);
  expect(arrived).toEqual([]);
  await vi.advanceTimersByTimeAsync(2);
  expect(arrived.map(({ byte }) => byte)).toEqual([1, 2]);
});

test("a rate lets big messages take their time", async () => {
  open({ bytesPerSecond: 1000 });
  far.onmessage?.({ data: new ArrayBuffer(500) });
  far.onmessage?.({ data: new ArrayBuffer(500) });
  for (const arrivals of [0, 1]) {
    await vi.advanceTimersByTimeAsync(499);
    expect(arrived).toHaveLength(arrivals);
    await vi.advanceTimersByTimeAsync(1);
    expect(arrived).toHaveLength(arrivals + 1);
  }
});

test("what a system's buffer does not take is told as buffered", async () => {
  open({ bytesPerSecond: 1000 });
  near.send(new Uint8Array(60000));
  expect(near.bufferedAmount).toBe(0);
  near.send(new Uint8Array(60000));
  expect(near.bufferedAmount).toBe(120000 - 65536);
});

describe("a stall", () => {
  test("holds back what is under way too, and lets it come at once", async () => {
    const link = open({ lagMs: 40 });
    far.say(1);
    link.stall(2200);
    await vi.advanceTimersByTimeAsync(100);
    expect(arrived).toEqual([]);
    far.say(2);
    near.send(Uint8Array.of(3));
    await vi.advanceTimersByTimeAsync(2099);
    expect([arrived, far.heard]).toEqual([[], []]);
    await vi.advanceTimersByTimeAsync(25);
    expect(arrived.map(({ byte }) => byte)).toEqual([1, 2]);
    expect(far.heard).toEqual([3]);
  });

  test("comes at the end of each ten seconds where that is set", async () => {
    open({ stallMs: 1000 });
    await vi.advanceTimersByTimeAsync(8999);
    far.say(1);
    expect(arrived).toHaveLength(1);
    for (let times = 1; times <= 2; times++) {
      await vi.advanceTimersByTimeAsync(times === 1 ? 101 : 9000);
      far.say(2);
      expect(arrived).toHaveLength(times);
      await vi.advanceTimersByTimeAsync(1000);
      expect(arrived).toHaveLength(times + 1);
    }
  });

  test("of a line without lag ends, and all is passed at once again", async () => {
    const link = open({});
    link.stall(100);
    far.say(1);
    await vi.advanceTimersByTimeAsync(101);
    expect(arrived).toHaveLength(1);
    far.say(2);
    expect(arrived).toHaveLength(2);
  });
});

test("opening and closing take their way too", async () => {
  open({ lagMs: 100 });
  const told: string[] = [];
  near.onopen = () => told.push("open");
  near.onclose = ({ reason }) => told.push(reason);
  far.onopen?.();
  far.onclose?.({ code: 1000, reason: "kicked" });
  expect(told).toEqual([]);
  near.close();
  await vi.advanceTimersByTimeAsync(51);
  expect([told, far.isClosed]).toEqual([["open", "kicked"], true]);
});
