// feed.ts - where a match comes from, as far as the screen cares.
import type { Seat } from "skirmish-sdk";

import type { Intent } from "../input/intent";
import type { Happening, Scene } from "./scene";
import type { ShotLog } from "./shot_log";

export interface Feed {
  readonly roster: ReadonlyMap<number, Seat>;
  readonly tickHz: number;
  readonly shots: ShotLog;
  /** Moves to now, fills the scene and tells what happened since the last frame. */
  frame(scene: Scene, happened: (what: Happening) => void): void;
  control(intent: Intent): void;
  choose(weapon: number): void;
}
