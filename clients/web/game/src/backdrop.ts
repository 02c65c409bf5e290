// backdrop.ts - what moves behind the join screen: drones on patrol in a made-up hall.  All of it
// is a function of the time, nothing is kept.
import { Scene } from "./arena/scene";
import { TileMap } from "./arena/tile_map";
import { wantsLessMotion } from "./mode";
import type { Renderer } from "./render/renderer";
import type { Show } from "./stage";

const WIDTH = 56;
const HEIGHT = 36;
const PERIOD_MS = 90000;
const STILL_MS = 20000; // the moment that is shown to who wants less motion
const DRONES = 7;
const SPEED = 4; // tiles a second
const BOLT_SPEED = 13;
const RELOAD_SECONDS = 2.5;
const RANGE = 14; // tiles

/** Blocks in rows, each a little different, inside a wall; each sixth row is a free lane. */
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

  frame(frameMs: number): void {
    const { camera } = this.renderer;
    const nowMs = wantsLessMotion() ? STILL_MS : frameMs;
    const turn = (nowMs / PERIOD_MS) * 2 * Math.PI;
    camera.x = WIDTH / 2 + Math.cos(turn) * WIDTH * 0.22;
    camera.y = HEIGHT / 2 + Math.sin(turn) * HEIGHT * 0.2;
    this.renderer.setMap(this.map);
    this.patrol(nowMs / 1000);
    this.renderer.frame(this.scene, (nowMs - this.lastMs) / 1000);
    this.lastMs = nowMs;
  }

  private patrol(seconds: number): void {
    const { scene } = this;
    scene.clear();
    for (let drone = 0; drone < DRONES; drone++) {
      const view = scene.players.next();
      const x = laneX(drone, seconds);
      view.player = drone + 1;
      view.alive = true;
      view.health = 1;
      view.weapon = drone % 2;
      view.x = x;
      view.y = laneY(drone);
      view.aim = laneX(drone, seconds + 0.05) > x ? 0 : Math.PI;
      this.shoot(drone, seconds);
    }
  }

  /** The bolt that a drone fired when it last could. */
  private shoot(drone: number, seconds: number): void {
    const age = (seconds + drone * 0.7) % RELOAD_SECONDS;
    const firedSeconds = seconds - age;
    const from = laneX(drone, firedSeconds);
    const east = laneX(drone, firedSeconds + 0.05) > from;
    const flown = 0.8 + age * BOLT_SPEED;
    if (flown > RANGE) return;
    const bolt = this.scene.bolts.next();
    bolt.id = drone;
    bolt.owner = drone + 1;
    bolt.x = from + (east ? flown : -flown);
    bolt.y = laneY(drone);
    bolt.turn = east ? 0 : Math.PI;
  }
}

function laneY(drone: number): number {
  return 7 + (drone % 5) * 6;
}

/** Back and forth between the walls. */
function laneX(drone: number, seconds: number): number {
  const span = WIDTH - 4;
  const way = (seconds * SPEED + drone * 17) % (2 * span);
  return 2 + (way < span ? way : 2 * span - way);
}
