// controller.ts - what a player holds and presses now, whichever device says so.

/** `buttons` is what is held; press() is what went down, which the next input has however soon it
 * is let go of.  `axes` are signed 16-bit numbers: axisOf() and turnOf() make them. */
export class Controller {
  buttons = 0;
  readonly axes: [number, number, number, number] = [0, 0, 0, 0];
  private pressed = 0;

  press(buttons: number): void {
    this.pressed |= buttons;
  }

  /** What was pressed since the last call. */
  takePressed(): number {
    const { pressed } = this;
    this.pressed = 0;
    return pressed;
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
