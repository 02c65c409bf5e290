// room_input.ts - what a player holds and presses, by the names of the game's buttons.
import { type Controller, axisOf, turnOf } from "./controller.ts";
import type { ButtonName, GameTables } from "./tables.ts";

/** A button's name, or its bit (or several) of a game that names none. */
export type Button<Tables extends GameTables> = ButtonName<Tables> | number;

export class RoomInput<Tables extends GameTables = GameTables> {
  private readonly tables: Tables;
  private readonly controller: Controller;

  constructor(tables: Tables, controller: Controller) {
    this.tables = tables;
    this.controller = controller;
  }

  /** The button went down: the next input has it, however soon it is let go of. */
  press(button: Button<Tables>): void {
    this.controller.press(this.bitOf(button));
  }

  /** The button is down from now on, or is not. */
  hold(button: Button<Tables>, on = true): void {
    const bit = this.bitOf(button);
    const { buttons } = this.controller;
    this.controller.buttons = on ? buttons | bit : buttons & ~bit;
  }

  /** A stick's -1..1. */
  stick(axis: 0 | 1 | 2 | 3, value: number): void {
    this.controller.axes[axis] = axisOf(value);
  }

  /** An angle in radians, for an axis that is a turn. */
  turn(axis: 0 | 1 | 2 | 3, radians: number): void {
    this.controller.axes[axis] = turnOf(radians);
  }

  private bitOf(button: Button<Tables>): number {
    if (typeof button === "number") return button;
    const bit = this.tables.constants[`button_${button}`];
    if (bit === undefined) throw new TypeError(`${this.tables.name} has no button ${button}`);
    return bit;
  }
}
