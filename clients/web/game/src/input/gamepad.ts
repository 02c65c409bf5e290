// gamepad.ts - the standard layout: left stick moves, right stick aims, right trigger or shoulder
// fires, A or the left shoulder dashes, Y changes the weapon, the back button shows the scores.
import type { Choose, Device, Intent } from "./intent";

const DEAD = 0.2;
const FIRE_BUTTONS = [7, 5] as const;
const DASH_BUTTONS = [0, 4] as const;
const SWAP_BUTTON = 3;
const SCORES_BUTTON = 8;

export class PadDevice implements Device {
  usedMs = -1;
  showScores = false;
  private aim: number | undefined;
  private swapHeld = false;

  constructor(private readonly choose: Choose) {}

  read(intent: Intent): void {
    const pad = this.pad();
    if (!pad) return;
    const [moveX = 0, moveY = 0, lookX = 0, lookY = 0] = pad.axes;
    const moving = Math.hypot(moveX, moveY) > DEAD;
    intent.moveX = moving ? moveX : 0;
    intent.moveY = moving ? moveY : 0;
    if (Math.hypot(lookX, lookY) > DEAD) this.aim = Math.atan2(lookY, lookX);
    if (this.aim !== undefined) intent.aim = this.aim;
    intent.fire = FIRE_BUTTONS.some((button) => pad.buttons[button]?.pressed);
    intent.dash = DASH_BUTTONS.some((button) => pad.buttons[button]?.pressed);
    intent.fired = false; // what a pad does between two readings nobody knows
    intent.dashed = false;
  }

  forgetAim(): void {
    this.aim = undefined;
  }

  /** Looks whether it is being used; pads tell nothing by themselves. */
  poll(): void {
    const pad = this.pad();
    if (!pad) return;
    const tilted = pad.axes.some((axis) => Math.abs(axis) > DEAD);
    if (tilted || pad.buttons.some((button) => button.pressed)) this.usedMs = performance.now();
    const swap = pad.buttons[SWAP_BUTTON]?.pressed ?? false;
    if (swap && !this.swapHeld) this.choose("other");
    this.swapHeld = swap;
    this.showScores = pad.buttons[SCORES_BUTTON]?.pressed ?? false;
  }

  private pad(): Gamepad | undefined {
    const pads = navigator.getGamepads();
    return pads.find((pad) => pad?.connected && pad.mapping === "standard") ?? undefined;
  }
}
