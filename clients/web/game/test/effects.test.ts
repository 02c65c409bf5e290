// What a shot feels like, as far as it is a number.
import { beforeEach, describe, expect, test, vi } from "vitest";

import { Camera } from "../src/render/camera";
import { Colours } from "../src/render/colours";
import { Effects } from "../src/render/effects";
import type { Particles } from "../src/render/particles";
import type { Sprites } from "../src/render/sprites";

let lessMotion = false;
vi.mock("../src/mode", () => ({ wantsLessMotion: () => lessMotion }));

const ME = 3;
const sprites = {} as Sprites;
let effects: Effects;
let camera: Camera;
let colours: Colours;

/** Fires to the east: how far the view is thrown back, in pixels. */
function fire(weapon: "blaster" | "rail", player = ME): number {
  const place = { player, x: 5, y: 5 };
  if (weapon === "rail") {
    effects.show({ type: "beam", ...place, toX: 9, toY: 5 }, colours, sprites, camera);
  } else {
    effects.show({ type: "fired", ...place, turn: 0 }, colours, sprites, camera);
  }
  return camera.left;
}

beforeEach(() => {
  lessMotion = false;
  effects = new Effects({ burst: () => {} } as unknown as Particles);
  camera = new Camera();
  camera.resize(1000, 600);
  camera.follow({ x: 5, y: 5 }, 0);
  colours = new Colours();
  colours.me = ME;
});

describe("a shot", () => {
  test("throws the gun back, a rail further and for longer", () => {
    fire("blaster");
    const blaster = effects.recoilOf(ME);
    expect(blaster).toBeGreaterThan(0);
    effects.step(0.2);
    expect(effects.recoilOf(ME)).toBe(0);
    fire("rail");
    expect(effects.recoilOf(ME)).toBeGreaterThan(2 * blaster);
    effects.step(0.2);
    expect(effects.recoilOf(ME)).toBeGreaterThan(0);
  });

  test("of one's own throws the view back against its way, and lets it come home", () => {
    const still = camera.left;
    const blaster = still - fire("blaster");
    expect(blaster).toBeGreaterThan(0);
    camera.follow({ x: 5, y: 5 }, 1);
    expect(camera.left).toBe(still);
    expect(still - fire("rail")).toBeGreaterThan(2 * blaster);
  });

  test("of somebody else, or for who wants less motion, leaves the view alone", () => {
    const still = camera.left;
    expect(fire("rail", ME + 1)).toBe(still);
    lessMotion = true;
    expect(fire("rail")).toBe(still);
  });
});
