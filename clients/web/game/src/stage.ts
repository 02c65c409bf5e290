// stage.ts - the canvas, the devices, the sound and the loop, made once for the page's life.
import { Controls } from "./input/controls";
import { FrameMeter } from "./frame_meter";
import { Renderer } from "./render/renderer";
import { Synth } from "./sound/synth";
import { byId } from "./ui/dom";

const PIXEL_RATIO_MAX = 2;

export interface Show {
  /** `pixelRatio` is how many pixels of the canvas are one CSS pixel. */
  frame(nowMs: number, pixelRatio: number): void;
  /** Another show takes its place. */
  end?(): void;
}

export class Stage {
  readonly renderer: Renderer;
  readonly controls: Controls;
  readonly synth = new Synth();
  readonly meter = new FrameMeter();
  private current: Show | undefined;

  constructor() {
    const canvas = byId<HTMLCanvasElement>("stage");
    this.renderer = new Renderer(canvas);
    this.controls = new Controls(canvas, byId("touch"));
    addEventListener("resize", () => this.fit());
    for (const gesture of ["pointerdown", "keydown"]) {
      addEventListener(gesture, () => this.synth.wake());
    }
    this.fit();
    requestAnimationFrame(this.loop);
  }

  show(show: Show): void {
    this.current?.end?.();
    this.current = show;
  }

  private fit(): void {
    const ratio = Math.min(devicePixelRatio, PIXEL_RATIO_MAX);
    const [width, height] = [Math.round(innerWidth * ratio), Math.round(innerHeight * ratio)];
    this.renderer.resize(width, height, ratio);
  }

  private readonly loop = (): void => {
    requestAnimationFrame(this.loop);
    const nowMs = performance.now();
    this.current?.frame(nowMs, this.renderer.pixelRatio);
    this.meter.frame(nowMs, performance.now() - nowMs);
  };
}
