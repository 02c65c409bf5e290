// controls.test.ts - what devices say that nobody has touched yet, and between two frames.
import { describe, expect, it, vi } from "vitest";
import type { Intent } from "../src/input/intent";
import { PadDevice } from "../src/input/gamepad";
import { KeyboardMouse } from "../src/input/keyboard_mouse";

vi.mock("../src/mode", () => ({ isPlaying: () => true, isControl: () => false }));

const still = [0, 0, 0, 0];

function pad(axes: number[]) {
  const buttons = Array.from({ length: 16 }, () => ({ pressed: false }));
  vi.stubGlobal("navigator", {
    getGamepads: () => [{ connected: true, mapping: "standard", axes, buttons }],
  });
}

function read(device: { read(intent: Intent): void }): Intent {
  const intent: Intent = {
    moveX: 0, moveY: 0, aim: 1.25, fire: false, dash: false, fired: false, dashed: false,
  };
  device.read(intent);
  return intent;
}

function aimOf(device: PadDevice): number {
  return read(device).aim;
}

/** A page in a match, whose window and stage are one target of events. */
function page(): { device: KeyboardMouse; happens(type: string, fields: object): void } {
  const target = Object.assign(new EventTarget(), {
    getBoundingClientRect: () => ({ left: 0, top: 0 }),
  });
  vi.stubGlobal("addEventListener", target.addEventListener.bind(target));
  vi.stubGlobal("innerWidth", 100);
  vi.stubGlobal("innerHeight", 100);
  const device = new KeyboardMouse(target as unknown as HTMLElement, () => {});
  const happens = (type: string, fields: object) =>
    target.dispatchEvent(Object.assign(new Event(type), fields));
  return { device, happens };
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

describe("a tap between two frames", () => {
  it.each([["Space", "fired"], ["ShiftLeft", "dashed"]] as const)(
    "of %s is told once, by the next reading",
    (code, told) => {
      const { device, happens } = page();
      happens("keydown", { code });
      happens("keyup", { code });
      expect(read(device)).toMatchObject({ fire: false, dash: false, [told]: true });
      expect(read(device)).toMatchObject({ fired: false, dashed: false });
    },
  );

  it("of a mouse button is told once, also while the other is held", () => {
    const { device, happens } = page();
    const at = { pointerType: "mouse", clientX: 1, clientY: 1 };
    happens("pointerdown", { ...at, buttons: 2 });
    expect(read(device)).toMatchObject({ dash: true, dashed: true, fired: false });
    happens("pointermove", { ...at, buttons: 3 });
    happens("pointermove", { ...at, buttons: 2 });
    expect(read(device)).toMatchObject({ fire: false, fired: true, dash: true, dashed: false });
  });

  it("that is held on is told once", () => {
    const { device, happens } = page();
    happens("keydown", { code: "Space" });
    happens("keydown", { code: "Space", repeat: true });
    expect(read(device)).toMatchObject({ fire: true, fired: true });
    happens("keydown", { code: "Space", repeat: true });
    expect(read(device)).toMatchObject({ fire: true, fired: false });
  });
});
