// controls.test.ts - what devices say that nobody has touched yet, and between two frames.
import { describe, expect, it, vi } from "vitest";
import type { Intent } from "../src/input/intent";
import { PadDevice } from "../src/input/gamepad";
import { KeyboardMouse } from "../src/input/keyboard_mouse";
import { Touch } from "../src/input/touch";

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

/** A screen of 100 by 100, whose elements are of no use. */
function screen(): {
  device: Touch;
  happens(type: string, x: number, y: number, between?: readonly [number, number][]): void;
} {
  const target = new EventTarget();
  const element: object = {
    addEventListener: () => {}, appendChild: (child: object) => child,
    classList: { add: () => {}, remove: () => {} }, style: {},
  };
  const document = {
    body: element, createElement: () => ({ ...element }), getElementById: () => element,
  };
  vi.stubGlobal("addEventListener", target.addEventListener.bind(target));
  vi.stubGlobal("document", document);
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  vi.stubGlobal("innerWidth", 100);
  const device = new Touch(target as HTMLElement, element as HTMLElement, () => {});
  const happens = (
    type: string, x: number, y: number, between: readonly [number, number][] = [],
  ) => {
    const at = (clientX: number, clientY: number) => {
      return { pointerType: "touch", pointerId: 7, clientX, clientY };
    };
    const getCoalescedEvents = () => between.map(([x, y]) => at(x, y));
    const fields = { ...at(x, y), getCoalescedEvents };
    target.dispatchEvent(Object.assign(new Event(type), fields));
  };
  return { device, happens };
}

describe("a flick of the right stick between two frames", () => {
  it.each([["pointermove"], ["pointerup"]])("told by %s fires once, that way", (type) => {
    const { device, happens } = screen();
    happens("pointerdown", 80, 50);
    happens(type, 80, 90);
    happens("pointerup", 80, 90);
    const { aim, ...told } = read(device);
    expect(told).toMatchObject({ fire: false, fired: true });
    expect(aim).toBeCloseTo(Math.PI / 2);
    expect(read(device)).toMatchObject({ fire: false, fired: false, aim });
  });

  it("out and back, of which the browser tells the end alone, fires once, that way", () => {
    const { device, happens } = screen();
    happens("pointerdown", 80, 50);
    happens("pointermove", 80, 51, [[80, 70], [80, 90], [80, 60]]);
    expect(read(device)).toMatchObject({ fire: false, fired: true, aim: Math.PI / 2 });
    expect(read(device)).toMatchObject({ fire: false, fired: false });
  });

  it("keeps its aim while the left thumb walks another way", () => {
    const { device, happens } = screen();
    happens("pointerdown", 80, 50);
    happens("pointerup", 80, 10);
    happens("pointerdown", 20, 50);
    happens("pointermove", 60, 50);
    expect(read(device)).toMatchObject({ moveX: 40 / 56, fired: true, aim: -Math.PI / 2 });
    expect(read(device).aim).toBe(-Math.PI / 2);
  });

  it("that goes not far enough does not fire, and one that is held is told once", () => {
    const { device, happens } = screen();
    happens("pointerdown", 80, 50);
    happens("pointermove", 80, 60);
    expect(read(device)).toMatchObject({ fire: false, fired: false });
    happens("pointermove", 80, 90);
    expect(read(device)).toMatchObject({ fire: true, fired: true });
    happens("pointermove", 80, 95);
    expect(read(device)).toMatchObject({ fire: true, fired: false });
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
