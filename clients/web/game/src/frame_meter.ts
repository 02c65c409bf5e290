// frame_meter.ts - how long frames take, for the benchmark and the curious: a ring, no allocation.

const FRAMES = 2048;

export interface FrameFigures {
  readonly frames: number;
  readonly meanFps: number;
  readonly p99FrameMs: number;
  readonly meanWorkMs: number;
}

export class FrameMeter {
  private readonly intervalsMs = new Float32Array(FRAMES);
  private readonly worksMs = new Float32Array(FRAMES);
  private count = 0;
  private lastMs = 0;

  reset(): void {
    this.count = 0;
    this.lastMs = 0;
  }

  /** A frame began at `nowMs` and took `workMs` of script. */
  frame(nowMs: number, workMs: number): void {
    if (this.lastMs > 0) {
      const slot = this.count++ % FRAMES;
      this.intervalsMs[slot] = nowMs - this.lastMs;
      this.worksMs[slot] = workMs;
    }
    this.lastMs = nowMs;
  }

  figures(): FrameFigures {
    const frames = Math.min(this.count, FRAMES);
    const intervals = this.intervalsMs.slice(0, frames).sort();
    const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / frames;
    return {
      frames,
      meanFps: 1000 / mean(intervals),
      p99FrameMs: intervals[Math.floor((frames - 1) * 0.99)] ?? 0,
      meanWorkMs: mean(this.worksMs.slice(0, frames)),
    };
  }
}
