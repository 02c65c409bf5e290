// chart.ts - the plain view's picture: the whole field in a frame, a dot for each entity with its
// rows beside it.
import { colorOf, palette } from "../render/palette";
import type { Painter } from "../render/surface";
import type { Extent } from "./places";

const MARGIN = { left: 24, top: 78, right: 330, bottom: 24 } as const; // CSS pixels
const NARROW = 700; // CSS pixels; the tables are below then
const NARROW_MARGIN = { left: 14, top: 70, right: 14, bottom: 240 } as const;
const GRID_LINES = 8;
const DOT = 7;
const LABELS_MAX = 60; // software rendering pays for each
const FONT = "600 12px system-ui, sans-serif";

const kindColors = ["#5ad1ff", "#ffd75e", "#a98bff", "#6ef3a5", "#ff8fd8", "#ff9d7a"] as const;

export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly kind: number;
  readonly owner: number | undefined;
  readonly text: string;
}

export class Chart {
  private scale = 1;
  private left = 0;
  private top = 0;
  private width = 1; // of the field on the page

  constructor(private readonly painter: Painter, private readonly extent: Extent) {}

  /** `ratio` is how many pixels of the canvas are one CSS pixel. */
  draw(dots: readonly Dot[], me: number | undefined, ratio: number): void {
    const { painter: p } = this;
    p.setTransform(1, 0, 0, 1, 0, 0);
    p.fillStyle = palette.void;
    p.fillRect(0, 0, p.canvas.width, p.canvas.height);
    p.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.fit(p.canvas.width / ratio, p.canvas.height / ratio);
    this.drawFrame();
    p.font = FONT;
    p.textBaseline = "middle";
    dots.forEach((dot, i) => this.drawDot(dot, me, i < LABELS_MAX));
    p.setTransform(1, 0, 0, 1, 0, 0);
  }

  /** Where a place of the game is on the page, in CSS pixels. */
  toPage(x: number, y: number): readonly [number, number] {
    const { extent, scale } = this;
    return [this.left + (x - extent.left) * scale, this.top + (y - extent.top) * scale];
  }

  private fit(width: number, height: number): void {
    const { extent } = this;
    const margin = width < NARROW ? NARROW_MARGIN : MARGIN;
    const across = width - margin.left - margin.right;
    const down = height - margin.top - margin.bottom;
    const [wide, high] = [extent.right - extent.left, extent.bottom - extent.top];
    this.scale = Math.max(1e-6, Math.min(across / wide, down / high));
    this.width = wide * this.scale;
    this.left = margin.left + (across - this.width) / 2;
    this.top = margin.top + (down - high * this.scale) / 2;
  }

  private drawFrame(): void {
    const { painter: p, extent, scale, width } = this;
    const height = (extent.bottom - extent.top) * scale;
    p.fillStyle = palette.floor;
    p.fillRect(this.left, this.top, width, height);
    p.fillStyle = palette.floorLine;
    for (let i = 1; i < GRID_LINES; i++) {
      p.fillRect(Math.round(this.left + (width * i) / GRID_LINES), this.top, 1, height);
      p.fillRect(this.left, Math.round(this.top + (height * i) / GRID_LINES), width, 1);
    }
    p.strokeStyle = palette.wallTop;
    p.lineWidth = 1;
    p.strokeRect(this.left, this.top, width, height);
  }

  private drawDot(dot: Dot, me: number | undefined, hasText: boolean): void {
    const { painter: p } = this;
    const [x, y] = this.toPage(dot.x, dot.y);
    const isOwned = dot.owner !== undefined;
    const mine = isOwned && dot.owner === me;
    p.fillStyle = colorOfDot(dot, me);
    p.beginPath();
    p.arc(x, y, isOwned ? DOT : DOT * 0.6, 0, 7);
    p.fill();
    if (mine) {
      p.strokeStyle = palette.text;
      p.lineWidth = 2;
      p.stroke();
    }
    if (!hasText) return;
    const beside = DOT + 5;
    const isRight = x > this.left + this.width * 0.6; // its text would leave the field
    p.fillStyle = mine ? palette.text : palette.textDim;
    p.textAlign = isRight ? "right" : "left";
    p.fillText(dot.text, isRight ? x - beside : x + beside, y);
  }
}

function colorOfDot({ owner, kind }: Dot, me: number | undefined): string {
  if (owner === undefined) return kindColors[kind % kindColors.length]!;
  return colorOf(owner, me ?? -1);
}
