// traffic.ts - how many bytes go each way: the messages of the last ten seconds.

const WINDOW_MS = 10000;
const MESSAGES = 2048; // more than that in the window are not looked at

export interface WayFigures {
  readonly bytesPerSecond: number;
  /** Of the messages' sizes. */
  readonly p50Bytes: number;
  readonly p95Bytes: number;
}

export interface TrafficFigures {
  readonly up: WayFigures;
  readonly down: WayFigures;
}

class Way {
  private readonly sizes = new Uint32Array(MESSAGES);
  private readonly timesMs = new Float64Array(MESSAGES);
  private count = 0; // ever

  note(bytes: number, nowMs: number): void {
    const at = this.count++ % MESSAGES;
    this.sizes[at] = bytes;
    this.timesMs[at] = nowMs;
  }

  figures(nowMs: number): WayFigures {
    const recent: number[] = [];
    for (let i = this.count - 1; i >= 0 && i > this.count - MESSAGES; i--) {
      if (nowMs - this.timesMs[i % MESSAGES]! > WINDOW_MS) break;
      recent.push(this.sizes[i % MESSAGES]!);
    }
    const bytes = recent.reduce((sum, size) => sum + size, 0);
    recent.sort((a, b) => a - b);
    const at = (share: number) => recent[Math.floor((recent.length - 1) * share)] ?? 0;
    const bytesPerSecond = bytes / (WINDOW_MS / 1000);
    return { bytesPerSecond, p50Bytes: at(0.5), p95Bytes: at(0.95) };
  }
}

export class Traffic {
  private readonly up = new Way();
  private readonly down = new Way();

  sent(bytes: number): void {
    this.up.note(bytes, performance.now());
  }

  heard(bytes: number): void {
    this.down.note(bytes, performance.now());
  }

  figures(nowMs: number): TrafficFigures {
    return { up: this.up.figures(nowMs), down: this.down.figures(nowMs) };
  }
}
