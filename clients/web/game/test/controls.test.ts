// controls.test.ts - where a player looks who has not aimed yet: where the server has turned him.
import { describe, expect, it, vi } from "vitest";
import type { Intent } from "../src/input/intent";
import { PadDevice } from "../src/input/gamepad";

const still = [0, 0, 0, 0];

function pad(axes: number[]) {
  const buttons = Array.from({ length: 16 }, () => ({ pressed: false }));
  vi.stubGlobal("navigator", {
    getGamepads: () => [{ connected: true, mapping: "standard", axes, buttons }],
  });
}

function aimOf(device: PadDevice): number {
  const intent: Intent = { moveX: 0, moveY: 0, aim: 1.25, fire: false, dash: false };
  device.read(intent);
  return intent.aim;
}

describe("a pad", () => {
  it("leaves the aim alone until its stick is moved, and again after an appearance", () => {
    const device = new PadDevice(() => {});
    pad(still);
    expect(aimOf(device)).toBe(1.25);
    pad([0, 0, 0, 1]);
    expect(aimOf(device)).toBeCloseTo(Math.PI / 2);
    pad(still);
    expect(aimOf(device)).toBeCloseTo(Math.PI / 2);
    device.forgetAim();
    expect(aimOf(device)).toBe(1.25);
  });
});
