// backdrop.ts - what moves behind the join screen: the floor of a match that nobody plays.
import { Scene } from "./arena/scene";
import { TileMap } from "./arena/tile_map";
import type { Renderer } from "./render/renderer";
import type { Show } from "./stage";

const WIDTH = 56;
const HEIGHT = 36;
const PERIOD_MS = 90000;

/** Blocks in rows, each a little different, inside a wall. */
function makeRows(): string[] {
  return Array.from({ length: HEIGHT }, (_, y) => {
    return Array.from({ length: WIDTH }, (_, x) => (isBlock(x, y) ? "#" : ".")).join("");
  });
}

function isBlock(x: number, y: number): boolean {
  if (x === 0 || y === 0 || x === WIDTH - 1 || y === HEIGHT - 1) return true;
  const [column, row] = [Math.floor(x / 8), Math.floor(y / 6)];
  const [width, height] = [2 + ((column * 5 + row * 3) % 4), 1 + ((column + row * 2) % 3)];
  return x % 8 >= 2 && x % 8 < 2 + width && y % 6 >= 2 && y % 6 < 2 + height;
}

export class Backdrop implements Show {
  private readonly scene = new Scene();
  private readonly map = new TileMap(makeRows());
  private lastMs = performance.now();

  constructor(private readonly renderer: Renderer) {}

  frame(nowMs: number): void {
    const { camera } = this.renderer;
    const turn = (nowMs / PERIOD_MS) * 2 * Math.PI;
    camera.x = WIDTH / 2 + Math.cos(turn) * WIDTH * 0.22;
    camera.y = HEIGHT / 2 + Math.sin(turn) * HEIGHT * 0.2;
    this.renderer.setMap(this.map);
    this.renderer.frame(this.scene, (nowMs - this.lastMs) / 1000);
    this.lastMs = nowMs;
  }
}
