// tracks.ts - what changed from one frame to the next and that no event tells: who lost health,
// which bolt is gone, who dashes.  Arrays by slot, made once.
import type { Happening, PlayerView, Scene } from "./scene";

const PLAYERS = 32; // arena.h
const BOLTS = 192 + 32; // of all, and what the own player's input has spawned: client_spawns.h
const DASH_SPEED = 8; // tiles a second: nobody walks as fast
const JUMP_TILES = 2; // in one frame: a spawn, not a dash

export class Tracks {
  private readonly healths = new Float32Array(PLAYERS);
  private readonly playerX = new Float32Array(PLAYERS);
  private readonly playerY = new Float32Array(PLAYERS);
  private readonly isNew = new Uint8Array(PLAYERS);
  private readonly boltX = new Float32Array(BOLTS);
  private readonly boltY = new Float32Array(BOLTS);
  private readonly boltFrame = new Uint32Array(BOLTS);
  private frame = 1;
  private lastMs = 0;

  /** The player's next place is a spawn. */
  spawned(player: number): void {
    this.isNew[player] = 1;
  }

  compare(scene: Scene, happened: (what: Happening) => void): void {
    const nowMs = performance.now();
    const seconds = Math.max(0.001, (nowMs - this.lastMs) / 1000);
    this.lastMs = nowMs;
    this.frame++;
    for (let i = 0; i < scene.players.count; i++) {
      this.comparePlayer(scene.players.get(i), seconds, happened);
    }
    this.compareBolts(scene, happened);
  }

  private comparePlayer(
    view: PlayerView, seconds: number, happened: (what: Happening) => void,
  ): void {
    const { player, x, y } = view;
    const moved = Math.hypot(x - this.playerX[player]!, y - this.playerY[player]!);
    view.dashing = view.alive && moved < JUMP_TILES && moved / seconds > DASH_SPEED;
    if (view.health < this.healths[player]! - 0.005) happened({ type: "hit", player, x, y });
    if (this.isNew[player] && view.alive) {
      this.isNew[player] = 0;
      happened({ type: "spawned", player, x, y });
    }
    this.healths[player] = view.health;
    this.playerX[player] = x;
    this.playerY[player] = y;
  }

  /** A bolt that was drawn in the frame before and is not now has hit something. */
  private compareBolts(scene: Scene, happened: (what: Happening) => void): void {
    for (let i = 0; i < scene.bolts.count; i++) {
      const { id, x, y } = scene.bolts.get(i);
      this.boltX[id] = x;
      this.boltY[id] = y;
      this.boltFrame[id] = this.frame;
    }
    for (let id = 0; id < BOLTS; id++) {
      if (this.boltFrame[id] !== this.frame - 1) continue;
      happened({ type: "impact", x: this.boltX[id]!, y: this.boltY[id]! });
    }
  }
}
