// keyboard_mouse.ts - WASD or arrows, the mouse aims, click or space fires, shift or the right
// button dashes, 1, 2, Q and the wheel change the weapon.  Keys are the game's only while a match
// is played, and never when a control has the focus.
import { isControl, isPlaying } from "../mode";
import type { Choice, Choose, Device, Intent } from "./intent";

const moves: Readonly<Record<string, readonly [number, number]>> = {
  KeyW: [0, -1], ArrowUp: [0, -1], KeyS: [0, 1], ArrowDown: [0, 1],
  KeyA: [-1, 0], ArrowLeft: [-1, 0], KeyD: [1, 0], ArrowRight: [1, 0],
};
const choices: Readonly<Record<string, Choice>> = { Digit1: 0, Digit2: 1, KeyQ: "other" };
const FIRE_KEY = "Space";
const DASH_KEY = "ShiftLeft";
const own = new Set([...Object.keys(moves), FIRE_KEY, "Tab"]);
const LEFT_BUTTON = 1; // of PointerEvent.buttons
const RIGHT_BUTTON = 2;

export class KeyboardMouse implements Device {
  usedMs = 0;
  /** The pointer, in CSS pixels of the stage. */
  pointerX = 0;
  pointerY = 0;
  showScores = false;
  /** Where the own player is on the screen: what the pointer is measured from. */
  centre: () => readonly [number, number] = () => [innerWidth / 2, innerHeight / 2];

  private readonly held = new Set<string>();
  private mouseButtons = 0;
  private fired = false; // since the last reading: a tap may be over before a frame sees it
  private dashed = false;
  private pointed = false;

  constructor(private readonly stage: HTMLElement, private readonly choose: Choose) {
    addEventListener("keydown", (event) => this.onKey(event, true));
    addEventListener("keyup", (event) => this.onKey(event, false));
    addEventListener("blur", () => this.letGo());
    stage.addEventListener("pointermove", (event) => this.onPointer(event));
    stage.addEventListener("pointerdown", (event) => this.onPointer(event));
    addEventListener("pointerup", (event) => this.onPointer(event));
    stage.addEventListener("contextmenu", (event) => event.preventDefault());
    stage.addEventListener("wheel", () => choose("other"), { passive: true });
  }

  read(intent: Intent): void {
    intent.moveX = 0;
    intent.moveY = 0;
    for (const code of this.held) {
      const move = moves[code];
      if (!move) continue;
      intent.moveX += move[0];
      intent.moveY += move[1];
    }
    intent.moveX = Math.max(-1, Math.min(1, intent.moveX));
    intent.moveY = Math.max(-1, Math.min(1, intent.moveY));
    const [x, y] = this.centre();
    if (this.pointed) intent.aim = Math.atan2(this.pointerY - y, this.pointerX - x);
    intent.fire = (this.mouseButtons & LEFT_BUTTON) !== 0 || this.held.has(FIRE_KEY);
    intent.dash = (this.mouseButtons & RIGHT_BUTTON) !== 0 || this.held.has(DASH_KEY);
    intent.fired = this.fired;
    intent.dashed = this.dashed;
    this.fired = false;
    this.dashed = false;
  }

  /** A pointer stays where it is: it aims again at once, if it was ever moved. */
  forgetAim(): void {}

  private onKey(event: KeyboardEvent, down: boolean): void {
    if (!down) this.release(event.code);
    if (!isPlaying() || isControl(event.target)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return; // the browser's
    if (own.has(event.code)) event.preventDefault();
    this.usedMs = performance.now();
    if (!down) return;
    if (event.code === "Tab") this.showScores = true;
    const choice = choices[event.code];
    if (choice !== undefined && !event.repeat) this.choose(choice);
    this.held.add(event.code);
    if (!event.repeat) this.press(event.code === FIRE_KEY, event.code === DASH_KEY);
  }

  private press(fire: boolean, dash: boolean): void {
    this.fired ||= fire;
    this.dashed ||= dash;
  }

  private release(code: string): void {
    this.held.delete(code);
    if (code === "Tab") this.showScores = false;
  }

  private onPointer(event: PointerEvent): void {
    if (event.pointerType === "touch") return;
    const box = this.stage.getBoundingClientRect();
    this.pointerX = event.clientX - box.left;
    this.pointerY = event.clientY - box.top;
    const down = event.buttons & ~this.mouseButtons;
    this.press((down & LEFT_BUTTON) !== 0, (down & RIGHT_BUTTON) !== 0);
    this.mouseButtons = event.buttons;
    this.pointed = true;
    this.usedMs = performance.now();
  }

  private letGo(): void {
    this.held.clear();
    this.mouseButtons = 0;
    this.fired = false;
    this.dashed = false;
    this.showScores = false;
  }
}
