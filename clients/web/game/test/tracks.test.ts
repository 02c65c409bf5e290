import { beforeEach, describe, expect, test } from "vitest";

import { type Happening, Scene } from "../src/arena/scene";
import { Tracks } from "../src/arena/tracks";

let scene: Scene;
let tracks: Tracks;
let happened: Happening[];

function frame(health: number, boltX?: number): void {
  scene.clear();
  const player = scene.players.next();
  Object.assign(player, { player: 3, alive: health > 0, health, x: 5, y: 5 });
  if (boltX !== undefined) Object.assign(scene.bolts.next(), { id: 7, x: boltX, y: 2, owner: 3 });
  happened = [];
  tracks.compare(scene, (what) => happened.push(what));
}

beforeEach(() => {
  scene = new Scene();
  tracks = new Tracks();
});

describe("Tracks", () => {
  test("lost health is a hit, gained is not", () => {
    frame(1);
    frame(0.6);
    expect(happened).toEqual([{ type: "hit", player: 3, x: 5, y: 5 }]);
    frame(0.9);
    expect(happened).toEqual([]);
  });

  test("a bolt that is gone hit something where it was last", () => {
    frame(1, 4);
    frame(1, 4.5);
    expect(happened).toEqual([]);
    frame(1);
    expect(happened).toEqual([{ type: "impact", x: 4.5, y: 2 }]);
    frame(1);
    expect(happened).toEqual([]);
  });

  test("a spawn is shown once the player is there", () => {
    frame(0);
    tracks.spawned(3);
    frame(0);
    expect(happened).toEqual([]);
    frame(1);
    expect(happened).toEqual([{ type: "spawned", player: 3, x: 5, y: 5 }]);
  });
});
