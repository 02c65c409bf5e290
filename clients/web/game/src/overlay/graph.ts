// graph.ts - how far ahead of the server's newest snapshot we predict, and where it disagreed: the
// last so many samples, newest at the right.  A correction is a full bar with a head, a late input
// a broken one: colour is not the only sign.
const SAMPLES = 200;
const HEAD = 3; // pixels, each way
const DASH = 4;
const LEAST_TICKS = 12; // of the scale
const COLORS = {
  line: "#7de3ff", corrected: "#ff5470", late: "#ffb545", ground: "#0a0d1c",
} as const;

export interface Sample {
  readonly aheadTicks: number;
  readonly corrected: number;
  readonly late: number;
}

export class Graph {
  readonly canvas = document.createElement("canvas");
  private readonly painter: CanvasRenderingContext2D;
  private readonly samples: Sample[] = [];

  constructor(width: number, height: number) {
    this.canvas.width = width;
    this.canvas.height = height;
    this.painter = this.canvas.getContext("2d", { alpha: false })!;
  }

  add(sample: Sample): void {
    this.samples.push(sample);
    if (this.samples.length > SAMPLES) this.samples.shift();
  }

  draw(): void {
    const { painter: p, samples } = this;
    const { width, height } = this.canvas;
    const step = width / SAMPLES;
    const most = samples.reduce((best, one) => Math.max(best, one.aheadTicks), LEAST_TICKS);
    p.fillStyle = COLORS.ground;
    p.fillRect(0, 0, width, height);
    samples.forEach(({ corrected, late }, i) => {
      if (corrected > 0) this.drawFull(this.left(i), Math.max(1, step));
      else if (late > 0) this.drawBroken(this.left(i), Math.max(1, step));
    });
    p.strokeStyle = COLORS.line;
    p.beginPath();
    samples.forEach(({ aheadTicks }, i) => {
      p.lineTo(this.left(i), height - 2 - (aheadTicks / most) * (height - 4));
    });
    p.stroke();
  }

  private drawFull(left: number, width: number): void {
    const { painter: p, canvas } = this;
    p.fillStyle = COLORS.corrected;
    p.fillRect(left, 0, width, canvas.height);
    p.fillRect(left - HEAD, 0, width + 2 * HEAD, HEAD);
  }

  private drawBroken(left: number, width: number): void {
    const { painter: p, canvas } = this;
    p.fillStyle = COLORS.late;
    for (let top = 0; top < canvas.height; top += 2 * DASH) p.fillRect(left, top, width, DASH);
  }

  private left(index: number): number {
    return this.canvas.width - (this.samples.length - index) * (this.canvas.width / SAMPLES);
  }
}
