// renderer.ts - one frame: ground, pickups, players, bolts, effects, names.  Things further south
// are drawn later; light is added last.
import type { HitMark, PickupView, PlayerView, Scene } from "../arena/scene";
import type { TileMap } from "../arena/tile_map";
import { type Beyond, Camera, type Eye } from "./camera";
import { Colours } from "./colours";
import { Effects, drawMuzzle } from "./effects";
import { ROOF_TILES, paintMap } from "./map_art";
import { palette } from "./palette";
import { Particles } from "./particles";
import { Sprites } from "./sprites";
import { type Painter, type Surface, drawCentred, drawTurned } from "./surface";

const BEYOND_TILES = 2; // less than are painted, for the shaking
const EDGE_TILES = 0.9; // from the map's edge to the north of who stands beside its wall

/** How much of the screen's top and bottom lies under panels, in CSS pixels. */
export interface Insets {
  readonly top: number;
  readonly bottom: number;
}
export const NO_INSETS: Insets = { top: 0, bottom: 0 };
const MARGIN_TILES = 2; // things this far off the screen are not drawn

/** A place on the page and how large a tile is there, in CSS pixels. */
export interface FigurePlace {
  readonly x: number;
  readonly y: number;
  readonly tile: number;
}

export class Renderer {
  readonly camera = new Camera();
  readonly colours = new Colours();
  readonly particles = new Particles();
  readonly effects = new Effects(this.particles);
  sprites = new Sprites(1);
  pixelRatio = 1;
  /** Nobody may stand under panels: so much further the screen goes beyond the map's edges. */
  insets = NO_INSETS;
  nameOf: (player: number) => string = () => "";

  readonly painter: Painter;
  private readonly order: PlayerView[] = [];
  private map: TileMap | undefined;
  private ground: Surface | undefined;
  private left = 0;
  private top = 0;
  private seconds = 0;

  constructor(private readonly canvas: HTMLCanvasElement) {
    const painter = canvas.getContext("2d", { alpha: false });
    if (!painter) throw new Error("this browser has no 2D canvas");
    this.painter = painter;
  }

  /** Paints a map, once. */
  setMap(map: TileMap): void {
    if (map === this.map) return;
    this.map = map;
    this.repaint();
  }

  /** `pixelRatio` is how many of its pixels are one CSS pixel. */
  resize(width: number, height: number, pixelRatio: number): void {
    this.pixelRatio = pixelRatio;
    this.canvas.width = width;
    this.canvas.height = height;
    this.camera.resize(width, height);
    this.repaint();
  }

  /** Moves what moves by itself, then draws, seen from the eye or else left where the camera is. */
  frame(scene: Scene, seconds: number, eye?: Eye): void {
    this.seconds += seconds;
    this.colours.follow(scene);
    this.particles.step(seconds);
    this.effects.step(seconds);
    this.look(eye, seconds);
    this.drawGround();
    this.drawThings(scene);
  }

  /** At a place in CSS pixels; `mark` when a shot has just hit. */
  crosshair(x: number, y: number, mark: HitMark): void {
    const { painter: p, sprites, pixelRatio } = this;
    drawCentred(p, sprites.crosshair(mark), x * pixelRatio, y * pixelRatio);
  }

  /** Where on the page, in CSS pixels, the own figure would be if it stood at (x, y) in tiles. */
  placeOf(x: number, y: number): FigurePlace {
    const { camera, pixelRatio, map } = this;
    const there = new Camera();
    there.resize(camera.width, camera.height);
    there.follow({ x, y, aim: 0 }, 0);
    if (map) there.clamp(map.width, map.height, this.beyond());
    const [left, top] = [x * there.scale - there.left, y * there.scale - there.top];
    return { x: left / pixelRatio, y: top / pixelRatio, tile: there.scale / pixelRatio };
  }

  /** Paints all anew: for another size or palette. */
  repaint(): void {
    if (!this.map) return;
    this.sprites = new Sprites(this.camera.scale);
    this.ground = paintMap(this.map, this.camera.scale);
  }

  private look(eye: Eye | undefined, seconds: number): void {
    const { camera } = this;
    if (eye) camera.follow(eye, seconds);
    if (this.map) camera.clamp(this.map.width, this.map.height, this.beyond());
    this.left = camera.left;
    this.top = camera.top;
  }

  private beyond(): Beyond {
    const { camera, insets, pixelRatio } = this;
    const under = (inset: number) => (inset * pixelRatio) / camera.scale - EDGE_TILES;
    return {
      side: BEYOND_TILES,
      top: Math.max(BEYOND_TILES, under(insets.top)),
      bottom: Math.max(BEYOND_TILES, under(insets.bottom)),
    };
  }

  private drawGround(): void {
    const { painter: p, camera, ground } = this;
    const roof = ROOF_TILES * camera.scale;
    const [left, top] = [this.left + roof, this.top + roof];
    const covers =
      ground && left >= 0 && top >= 0 && left + camera.width <= ground.width &&
      top + camera.height <= ground.height;
    if (!covers) {
      p.fillStyle = palette.void;
      p.fillRect(0, 0, camera.width, camera.height);
    }
    if (ground) p.drawImage(ground, -left, -top);
  }

  private drawThings(scene: Scene): void {
    const { painter: p, sprites } = this;
    for (let i = 0; i < scene.pickups.count; i++) this.drawPickup(scene.pickups.get(i));
    this.sortPlayers(scene);
    for (const view of this.order) this.drawPlayer(view, scene.me);
    p.globalCompositeOperation = "lighter";
    for (let i = 0; i < scene.bolts.count; i++) {
      const { x, y, turn, owner } = scene.bolts.get(i);
      if (!this.isSeen(x, y)) continue;
      const color = owner === scene.me ? palette.bolt : this.colours.of(owner);
      drawTurned(p, sprites.bolt(color), this.toX(x), this.toY(y), turn);
    }
    this.effects.draw(p, sprites, this.camera.scale, this.left, this.top);
    this.particles.draw(p, this.camera.scale, this.left, this.top);
    p.globalCompositeOperation = "source-over";
    for (const view of this.order) this.drawName(view, scene.me);
    const own = scene.find(scene.me);
    if (own?.alive) {
      this.effects.drawHurts(p, own, this.toX(own.x), this.toY(own.y), this.camera.scale);
    }
  }

  private sortPlayers(scene: Scene): void {
    this.order.length = 0;
    for (let i = 0; i < scene.players.count; i++) {
      const view = scene.players.get(i);
      if (view.alive && this.isSeen(view.x, view.y)) this.order.push(view);
    }
    this.order.sort((a, b) => a.y - b.y);
  }

  private drawPickup(view: PickupView): void {
    if (!view.ready || !this.isSeen(view.x, view.y)) return;
    const bob = Math.sin(this.seconds * 3 + view.x) * 0.06;
    drawCentred(this.painter, this.sprites.shade(), this.toX(view.x), this.toY(view.y + 0.2));
    drawCentred(
      this.painter, this.sprites.pickup(view.kind), this.toX(view.x), this.toY(view.y + bob - 0.1),
    );
  }

  private drawPlayer(view: PlayerView, me: number): void {
    const { painter: p, sprites } = this;
    const [x, y] = [this.toX(view.x), this.toY(view.y)];
    const color = this.colours.of(view.player);
    const { scale } = this.camera;
    drawCentred(p, sprites.shade(), x + scale * 0.12, y + scale * 0.16);
    if (view.player === me) drawCentred(p, sprites.glow(color, 1.1), x, y);
    if (view.dashing) this.effects.trail(sprites, view.x, view.y);
    const recoil = this.effects.recoilOf(view.player) * scale;
    const [gunX, gunY] = [x - Math.cos(view.aim) * recoil, y - Math.sin(view.aim) * recoil];
    drawTurned(p, sprites.body(color, view.weapon), gunX, gunY, view.aim);
    if (view.team > 0) drawCentred(p, sprites.mark(view.team), x, y);
    const flash = this.effects.flashOf(view.player);
    if (flash > 0) {
      p.globalAlpha = flash;
      drawTurned(p, sprites.body("#ffffff", view.weapon), x, y, view.aim);
      p.globalAlpha = 1;
    }
    if (view.shielded) drawCentred(p, sprites.shield(), x, y);
    if (this.effects.hasMuzzle(view.player)) {
      drawMuzzle(p, sprites.muzzle(view.weapon), gunX, gunY, view.aim, scale * 0.85);
    }
  }

  private drawName(view: PlayerView, me: number): void {
    const { painter: p, sprites } = this;
    const name = this.nameOf(view.player);
    if (name === "") return;
    const { scale } = this.camera;
    const [x, y] = [this.toX(view.x), this.toY(view.y) - scale * 0.82];
    const label = sprites.label(name, view.player === me ? palette.me : palette.text);
    drawCentred(p, label, x, y - label.height * 0.45);
    const [width, height] = [Math.round(scale * 0.92), Math.max(4, Math.round(scale * 0.1))];
    const left = Math.round(x - width / 2);
    p.fillStyle = "rgba(8, 10, 24, 0.8)";
    p.fillRect(left - 1, Math.round(y) - 1, width + 2, height + 2);
    p.fillStyle = healthColor(view.health);
    p.fillRect(left, Math.round(y), Math.round(width * view.health), height);
  }

  private toX(x: number): number {
    return Math.round(x * this.camera.scale) - this.left;
  }

  private toY(y: number): number {
    return Math.round(y * this.camera.scale) - this.top;
  }

  private isSeen(x: number, y: number): boolean {
    const { camera } = this;
    const [right, down] = [camera.width / camera.scale / 2, camera.height / camera.scale / 2];
    const [awayX, awayY] = [Math.abs(x - camera.x), Math.abs(y - camera.y)];
    return awayX < right + MARGIN_TILES && awayY < down + MARGIN_TILES;
  }
}

function healthColor(health: number): string {
  if (health > 0.6) return palette.good;
  return health > 0.3 ? palette.gold : palette.bad;
}
