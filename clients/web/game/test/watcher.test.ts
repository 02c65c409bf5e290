import { beforeEach, describe, expect, test } from "vitest";

import { Scene } from "../src/arena/scene";
import { Watcher } from "../src/watcher";

const still = {
  moveX: 0, moveY: 0, aim: 0, fire: false, dash: false, fired: false, dashed: false,
};
const ground = { width: 20, height: 10 };

let scene: Scene;
let watcher: Watcher;

function add(player: number, alive: boolean, score = 0): void {
  const place = { x: player, y: player, score, deaths: 0 };
  Object.assign(scene.players.next(), { player, alive, health: alive ? 1 : 0, ...place });
}

function frame(moveX = 0): void {
  watcher.frame(scene, { ...still, moveX }, 0.1, ground);
}

beforeEach(() => {
  scene = new Scene();
  watcher = new Watcher();
});

describe("a player", () => {
  beforeEach(() => (scene.me = 2));

  test("follows oneself, and after death who did it until one is back", () => {
    add(2, true);
    add(5, true);
    frame();
    expect(watcher.target).toBe(2);
    watcher.killedBy(5);
    frame();
    scene.find(2)!.alive = false;
    frame(1);
    expect([watcher.target, watcher.isFree]).toEqual([5, false]);
    scene.find(2)!.alive = true;
    frame();
    expect(watcher.target).toBe(2);
    scene.find(2)!.alive = false;
    frame();
    expect(watcher.target).toBe(2);
    watcher.killedBy(5); // told late
    frame();
    expect(watcher.target).toBe(5);
  });

  test("stays at the own place when who did it has left", () => {
    add(2, false);
    watcher.killedBy(5);
    frame();
    expect(watcher.target).toBe(2);
  });
});

describe("a spectator", () => {
  test("follows the best living player, and goes on to the next by number", () => {
    add(1, true, 3);
    add(4, true, 9);
    add(6, false, 20);
    add(7, true, 1);
    frame();
    expect(watcher.target).toBe(4);
    const seen = [1, 1, 1, -1].map((direction) => {
      watcher.next(scene, direction);
      frame();
      return watcher.target;
    });
    expect(seen).toEqual([7, 1, 4, 1]);
  });

  test("goes on to another when the one followed leaves, but not when it dies", () => {
    add(1, true, 3);
    add(4, true, 2);
    frame();
    scene.find(1)!.alive = false;
    frame();
    expect(watcher.target).toBe(1);
    scene.clear();
    add(4, true);
    frame();
    expect(watcher.target).toBe(4);
  });

  test("looks about from there, on the ground alone, until the next player", () => {
    add(4, true);
    frame();
    frame(1);
    expect([watcher.target, watcher.isFree]).toEqual([-1, true]);
    expect(watcher.x).toBeCloseTo(5.6);
    for (let i = 0; i < 20; i++) frame(1);
    expect([watcher.x, watcher.y]).toEqual([20, 4]);
    watcher.next(scene, 1);
    frame();
    expect([watcher.target, watcher.isFree]).toEqual([4, false]);
  });

  test("watches nobody where nobody is", () => {
    frame();
    watcher.next(scene, 1);
    expect(watcher.target).toBe(-1);
  });
});
