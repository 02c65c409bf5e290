import { describe, expect, test } from "vitest";

import { Scene } from "../src/arena/scene";
import { type RailShot, ShotLog, type Verdict, distanceTo } from "../src/arena/shot_log";
import { explain } from "../src/overlay/shot_words";

const ME = 1;
const east = { x: 2, y: 3, toX: 12, toY: 3 };
const hit: Verdict = { target: 4, missed: -0.1, moved: 0.71, limit: "none", ageTicks: 9.25 };

function sceneWith(y: number): Scene {
  const scene = new Scene();
  scene.me = ME;
  Object.assign(scene.players.next(), { player: ME, alive: true, x: 2, y: 3 });
  Object.assign(scene.players.next(), { player: 4, alive: true, x: 8, y });
  Object.assign(scene.players.next(), { player: 5, alive: false, x: 8, y: 3 });
  return scene;
}

function say(shot: RailShot | undefined): string[] {
  return explain(shot, (player) => `P${player}`, 60);
}

describe("the log of rail shots", () => {
  test("keeps who was drawn when it was fired, but for oneself and the dead", () => {
    const log = new ShotLog();
    const scene = sceneWith(3.25);
    log.fired(east, scene);
    scene.players.get(1).x = 99; // the next frame
    expect(log.last?.drawn).toEqual([{ player: 4, x: 8, y: 3.25 }]);
  });

  test("gives each verdict to its shot, in order", () => {
    const log = new ShotLog();
    log.fired(east, sceneWith(3));
    log.fired({ ...east, y: 4 }, sceneWith(3));
    log.judged(hit);
    expect([log.last?.y, log.last?.verdict]).toEqual([3, hit]);
    log.judged({ ...hit, missed: 2 });
    expect([log.last?.y, log.last?.verdict?.missed]).toEqual([4, 2]);
  });

  test("forgets a shot that the server knows nothing of", () => {
    const log = new ShotLog();
    log.fired(east, sceneWith(3));
    log.undone();
    log.judged(hit);
    expect(log.last).toBeUndefined();
  });
});

test("a distance is to the beam, not beyond its ends", () => {
  expect(distanceTo(east, { player: 4, x: 8, y: 3.5 })).toBeCloseTo(0.5);
  expect(distanceTo(east, { player: 4, x: 15, y: 7 })).toBeCloseTo(5);
});

describe("a shot is explained", () => {
  const shot: RailShot = { ...east, drawn: [{ player: 4, x: 8, y: 3.25 }] };

  test("as what was seen and what was judged", () => {
    expect(say({ ...shot, verdict: hit })).toEqual([
      "It hit P4.",
      "On your screen it passed 0.25 tiles from the middle.",
      "Judged 154 ms back, with P4 put back by 0.71 tiles.",
      "No limit bit: it was judged as you saw it.",
    ]);
  });

  test("with the limit that bit", () => {
    const verdict: Verdict = { ...hit, missed: 0.4, ageTicks: 0, limit: "old" };
    expect(say({ ...shot, verdict })).toEqual([
      "It missed P4 by 0.40 tiles.",
      "On your screen it passed 0.25 tiles from the middle.",
      "Judged in the present.",
      "Your view was older than the game allows: the oldest that counts was taken.",
    ]);
  });

  test("also when there is little to explain", () => {
    expect(say(undefined)).toEqual(["You have not fired the rail yet."]);
    expect(say(shot)).toEqual(["Fired. The server has not judged it yet."]);
    expect(say({ ...shot, verdict: { ...hit, target: -1 } })[0]).toBe("Nobody was near.");
  });
});
