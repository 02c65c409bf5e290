// keyboard_mouse.ts - keys walk, as do the arrows, the mouse aims, click or a key fires, the right
// button or a key dashes, keys and the wheel change the weapon.  Which keys, the settings say; they
// are the game's only while a match is played, and never when a control has the focus.
import { isControl, isPlaying } from "../mode";
import { type Action, type Keys, actions, usualKeys } from "../settings";
import type { Choice, Choose, Device, Intent } from "./intent";

const moves: Partial<Readonly<Record<Action, readonly [number, number]>>> = {
  up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0],
};
/** Unless they are set to something else. */
const arrows: Readonly<Record<string, Action>> = {
  ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right",
};
const choices: Partial<Readonly<Record<Action, Choice>>> = { blaster: 0, rail: 1, swap: "other" };
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

  private readonly held = new Set<string>(); // codes
  private bound = new Map<string, Action>();
  private mouseButtons = 0;
  private fired = false; // since the last reading: a tap may be over before a frame sees it
  private dashed = false;
  private pointed = false;

  constructor(private readonly stage: HTMLElement, private readonly choose: Choose) {
    this.bind(usualKeys);
    addEventListener("keydown", (event) => this.onKey(event, true));
    addEventListener("keyup", (event) => this.onKey(event, false));
    addEventListener("blur", () => this.letGo());
    stage.addEventListener("pointermove", (event) => this.onPointer(event));
    stage.addEventListener("pointerdown", (event) => this.onPointer(event));
    addEventListener("pointerup", (event) => this.onPointer(event));
    stage.addEventListener("contextmenu", (event) => event.preventDefault());
    stage.addEventListener("wheel", () => choose("other"), { passive: true });
  }

  /** Takes other keys from now on. */
  bind(keys: Keys): void {
    this.held.clear();
    this.bound = new Map([
      ...Object.entries(arrows),
      ...actions.map((action) => [keys[action], action] as const),
    ]);
  }

  read(intent: Intent): void {
    intent.moveX = 0;
    intent.moveY = 0;
    for (const code of this.held) {
      const move = moves[this.bound.get(code)!];
      if (!move) continue;
      intent.moveX += move[0];
      intent.moveY += move[1];
    }
    intent.moveX = Math.max(-1, Math.min(1, intent.moveX));
    intent.moveY = Math.max(-1, Math.min(1, intent.moveY));
    const [x, y] = this.centre();
    if (this.pointed) intent.aim = Math.atan2(this.pointerY - y, this.pointerX - x);
    intent.fire = (this.mouseButtons & LEFT_BUTTON) !== 0 || this.holds("fire");
    intent.dash = (this.mouseButtons & RIGHT_BUTTON) !== 0 || this.holds("dash");
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
    const action = this.bound.get(event.code);
    if (action) event.preventDefault();
    this.usedMs = performance.now();
    if (!down || !action) return;
    if (action === "scores") this.showScores = true;
    const choice = choices[action];
    if (choice !== undefined && !event.repeat) this.choose(choice);
    this.held.add(event.code);
    if (!event.repeat) this.press(action === "fire", action === "dash");
  }

  private holds(action: Action): boolean {
    return [...this.held].some((code) => this.bound.get(code) === action);
  }

  private press(fire: boolean, dash: boolean): void {
    this.fired ||= fire;
    this.dashed ||= dash;
  }

  private release(code: string): void {
    this.held.delete(code);
    if (this.bound.get(code) === "scores") this.showScores = false;
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
