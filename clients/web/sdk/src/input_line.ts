// input_line.ts - the inputs on their way out: one a tick, and no queue.
//
// take() makes the inputs of all ticks that have come due since the last call; they wait here, at
// most INPUTS_A_MESSAGE_MAX of them, until the socket is free.  Older ones give way: the server
// has repeated or skipped them long since.  The array and its inputs are made once.
import { INPUTS_A_MESSAGE_MAX, type Input } from "./wire.ts";

/** A controller as it is now.  `buttons` is what is held; press() catches what was let go of
 * before the next tick.  `axes` are signed 16-bit numbers: axisOf() and turnOf() make them. */
export class Controller {
  buttons = 0;
  readonly axes: [number, number, number, number] = [0, 0, 0, 0];
  private pressed = 0;

  press(buttons: number): void {
    this.pressed |= buttons;
  }

  /** What one tick gets of it. */
  sample(input: Input): void {
    input.buttons = (this.buttons | this.pressed) >>> 0;
    for (let i = 0; i < this.axes.length; i++) input.axes[i] = this.axes[i]!;
    this.pressed = 0;
  }
}

/** A stick's -1..1 as an axis. */
export function axisOf(value: number): number {
  return Math.round(Math.max(-1, Math.min(1, value)) * 32767);
}

/** An angle as an axis that wraps: a 16-bit turn, read as signed. */
export function turnOf(radians: number): number {
  return (Math.round((radians / (2 * Math.PI)) * 65536) << 16) >> 16;
}

function emptyInput(): Input {
  return { buttons: 0, axes: [0, 0, 0, 0], viewTick: 0, viewFraction: 0 };
}

export class InputLine {
  private readonly spare: Input[] = Array.from({ length: INPUTS_A_MESSAGE_MAX }, emptyInput);
  private readonly waiting: Input[] = [];
  private lastTick: number;

  /** The first input will be of the tick after `lastTick`. */
  constructor(lastTick: number) {
    this.lastTick = lastTick;
  }

  /** The tick of the newest input made. */
  get tick(): number {
    return this.lastTick;
  }

  /** Inputs not sent yet, oldest first, the newest of `tick`; borrowed until the next call. */
  get unsent(): readonly Input[] {
    return this.waiting;
  }

  /** Samples the controller for each tick up to `tick` that has no input yet. */
  take(tick: number, controller: Controller, viewTick: number, viewFraction: number): void {
    const first = Math.max(this.lastTick + 1, tick - INPUTS_A_MESSAGE_MAX + 1);
    for (let due = first; due <= tick; due++) {
      const input = this.waiting.length < INPUTS_A_MESSAGE_MAX ? this.spare.pop()! : this.oldest();
      controller.sample(input);
      input.viewTick = viewTick;
      input.viewFraction = viewFraction;
      this.waiting.push(input);
    }
    this.lastTick = Math.max(this.lastTick, tick);
  }

  /** All of `unsent` is on the wire. */
  sent(): void {
    while (this.waiting.length > 0) this.spare.push(this.waiting.pop()!);
  }

  private oldest(): Input {
    return this.waiting.shift()!;
  }
}
