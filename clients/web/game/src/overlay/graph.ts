// graph.ts - how far ahead of the server's newest snapshot we predict, and where it disagreed: the
// last so many samples, newest at the right.
const SAMPLES = 200;
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
      if (corrected + late === 0) return;
      p.fillStyle = corrected > 0 ? COLORS.corrected : COLORS.late;
      p.fillRect(this.left(i), 0, Math.max(1, step), height);
    });
    p.strokeStyle = COLORS.line;
    p.beginPath();
    samples.forEach(({ aheadTicks }, i) => {
      p.lineTo(this.left(i), height - 2 - (aheadTicks / most) * (height - 4));
    });
    p.stroke();
  }

  private left(index: number): number {
    return this.canvas.width - (this.samples.length - index) * (this.canvas.width / SAMPLES);
  }
}
