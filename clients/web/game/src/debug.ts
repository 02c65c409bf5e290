// debug.ts - what tests, the benchmark and the curious may look at: `skirmish` in the console.
import type { Session } from "skirmish-sdk";

import type { PlayerView } from "./arena/scene";
import type { FrameFigures } from "./frame_meter";
import type { Match } from "./match";
import type { Stage } from "./stage";

export interface Debug {
  readonly state: string;
  readonly room: string;
  readonly me: number;
  readonly delayMs: number;
  /** How often a connection came back to its seat. */
  readonly comebacks: number;
  player(player: number): Readonly<PlayerView> | undefined;
  players(): number;
  figures(): FrameFigures;
  resetFigures(): void;
}

declare global {
  interface Window {
    skirmish?: Debug;
  }
}

export function exposeDebug(stage: Stage): { playing(session: Session, match: Match): void } {
  let session: Session | undefined;
  let match: Match | undefined;
  let comebacks = 0;
  window.skirmish = {
    get state() {
      return session?.state ?? "joining";
    },
    get room() {
      return session?.welcome.room ?? "";
    },
    get me() {
      return match?.scene.me ?? -1;
    },
    get delayMs() {
      return session?.delayMs ?? 0;
    },
    get comebacks() {
      return comebacks;
    },
    player: (player) => match?.scene.find(player),
    players: () => match?.scene.players.count ?? 0,
    figures: () => stage.meter.figures(),
    resetFigures: () => stage.meter.reset(),
  };
  return {
    playing(newSession, newMatch) {
      session = newSession;
      match = newMatch;
      comebacks = 0;
      newSession.on("welcome", ({ resumed }) => (comebacks += resumed ? 1 : 0));
    },
  };
}
