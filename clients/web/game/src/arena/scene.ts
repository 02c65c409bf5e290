// scene.ts - the match as the screen sees it: positions in tiles, angles in radians, times in
// seconds.  The arrays are filled anew each frame from pools, so drawing allocates nothing.

import type { TileMap } from "./tile_map";

export interface PlayerView {
  player: number;
  alive: boolean;
  x: number;
  y: number;
  aim: number;
  health: number; // 0..1
  weapon: number;
  shielded: boolean;
  dashing: boolean;
  score: number;
  deaths: number;
  streak: number; // kills since the last death
  rank: number;
  team: number; // 0: none
}

export interface BoltView {
  id: number;
  x: number;
  y: number;
  turn: number;
  owner: number;
}

export type PickupKind = "health" | "slugs";

export interface PickupView {
  x: number;
  y: number;
  kind: PickupKind;
  ready: boolean;
}

/** A list whose elements are made once and used again. */
export class Pool<Item> {
  count = 0;
  private readonly items: Item[] = [];
  private readonly make: () => Item;

  constructor(make: () => Item) {
    this.make = make;
  }

  clear(): void {
    this.count = 0;
  }

  next(): Item {
    if (this.count === this.items.length) this.items.push(this.make());
    return this.items[this.count++]!;
  }

  get(index: number): Item {
    return this.items[index]!;
  }
}

/** What the server tells each player alone at a round's end. */
export interface RoundResult {
  readonly place: number;
  readonly playerCount: number;
  readonly bestStreak: number;
  readonly accuracy: number; // percent
  readonly rank: number;
  readonly gained: number; // points towards the next rank
  readonly missing: number; // to it; 0 in the last rank
}

export class Scene {
  me = -1;
  readonly players = new Pool<PlayerView>(() => ({
    player: 0, alive: false, x: 0, y: 0, aim: 0, health: 0, weapon: 0, shielded: false,
    dashing: false, score: 0, deaths: 0, streak: 0, rank: 0, team: 0,
  }));
  readonly bolts = new Pool<BoltView>(() => ({ id: 0, x: 0, y: 0, turn: 0, owner: 0 }));
  readonly pickups = new Pool<PickupView>(() => ({ x: 0, y: 0, kind: "health", ready: false }));
  /** Of the own player alone: rail slugs, undefined while unknown. */
  slugs: number | undefined;
  dashReady = false;
  respawnSeconds = 0;
  secondsLeft = 0;
  over = false;
  /** Of the last round: a player, -1 for nobody; in teams the team, 0 for none. */
  winner = -1;
  winnerTeam = 0;
  map = -1;
  tiles: TileMap | undefined; // of that map
  nextMap = -1;
  teams = false;
  /** By team's number. */
  readonly teamScores = [0, 0, 0];
  /** What the own player did in the round that has just ended. */
  result: RoundResult | undefined;

  clear(): void {
    this.players.clear();
    this.bolts.clear();
    this.pickups.clear();
  }

  find(player: number): PlayerView | undefined {
    for (let i = 0; i < this.players.count; i++) {
      const view = this.players.get(i);
      if (view.player === player) return view;
    }
    return undefined;
  }
}

export interface Killed {
  type: "killed";
  player: number;
  by: number;
  x: number;
  y: number;
  weapon: number;
  streak: number;
}

/** Of a hit: as we see it, at once; as the server says. */
export type HitMark = "none" | "hollow" | "filled";

/** We hit somebody.  `first`: nothing was shown of this hit yet. */
export interface Marked {
  type: "marked";
  player: number;
  x: number;
  y: number;
  mark: Exclude<HitMark, "none">;
  first: boolean;
}

/** What happened, in the same units.  `by` is -1 for nobody. */
export type Happening =
  | { type: "fired"; player: number; x: number; y: number; turn: number }
  | { type: "beam"; player: number; x: number; y: number; toX: number; toY: number }
  | { type: "impact"; x: number; y: number }
  | { type: "hit"; player: number; x: number; y: number }
  | Marked
  | { type: "hurt"; player: number; x: number; y: number } // us, by this player
  | Killed
  | { type: "spawned"; player: number; x: number; y: number }
  | { type: "picked"; player: number; x: number; y: number }
  | { type: "started"; round: number } // 1 is the first
  | { type: "ended"; winner: number; winnerTeam: number }
  | { type: "result"; result: RoundResult };

/** A happening that has a place. */
export type Placed = Exclude<Happening, { type: "started" | "ended" | "result" }>;
