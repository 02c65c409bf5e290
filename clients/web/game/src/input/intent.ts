// intent.ts - what the player wants, whichever device says so.

export interface Intent {
  moveX: number; // -1..1, east
  moveY: number; // -1..1, south
  aim: number; // radians, 0 is east, clockwise on the screen
  fire: boolean;
  dash: boolean;
}

/** A weapon's number, or the other one. */
export type Choice = 0 | 1 | "other";
export type Choose = (choice: Choice) => void;

export interface Device {
  /** When it was last touched; the newest device decides. */
  readonly usedMs: number;
  read(intent: Intent): void;
}

export function clampStick(intent: Intent): void {
  const size = Math.hypot(intent.moveX, intent.moveY);
  if (size <= 1) return;
  intent.moveX /= size;
  intent.moveY /= size;
}
