// intent.ts - what the player wants, whichever device says so.

export interface Intent {
  moveX: number; // -1..1, east
  moveY: number; // -1..1, south
  aim: number; // radians, 0 is east, clockwise on the screen
  fire: boolean; // held now
  dash: boolean;
  fired: boolean; // went down since the last reading, however soon it was let go of
  dashed: boolean;
}

/** A weapon's number, or the other one. */
export type Choice = 0 | 1 | "other";
export type Choose = (choice: Choice) => void;

export interface Device {
  /** When it was last touched; the newest device decides. */
  readonly usedMs: number;
  /** Says what is wanted; the aim only when it was aimed since the last forgetAim(). */
  read(intent: Intent): void;
  /** The player appears anew and faces where the server has turned it. */
  forgetAim(): void;
}

export function clampStick(intent: Intent): void {
  const size = Math.hypot(intent.moveX, intent.moveY);
  if (size <= 1) return;
  intent.moveX /= size;
  intent.moveY /= size;
}
