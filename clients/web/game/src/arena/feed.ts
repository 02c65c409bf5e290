// feed.ts - where a match comes from, as far as the screen cares.
import type { Seat } from "skirmish-sdk";

import type { Intent } from "../input/intent";
import type { Happening, Scene } from "./scene";

export interface Feed {
  readonly roster: ReadonlyMap<number, Seat>;
  /** Moves to now, fills the scene and tells what happened since the last frame. */
  frame(scene: Scene, happened: (what: Happening) => void): void;
  control(intent: Intent): void;
  choose(weapon: number): void;
}
