// debug.ts - what tests, the benchmark and the curious may look at: `skirmish` in the console.
import type { Figures, LinkSimulator, Room } from "skirmish-sdk";

import * as arena from "../generated/arena";
import type { PlayerView } from "./arena/scene";
import type { FrameFigures } from "./frame_meter";
import { Match } from "./match";
import type { Overlay } from "./overlay/overlay";
import { type EntityView, PlainView } from "./plain/plain_view";
import type { FigurePlace } from "./render/renderer";
import type { Stage } from "./stage";

export interface Debug {
  readonly state: string;
  readonly room: string;
  readonly me: number;
  /** What is known of the line and of time. */
  readonly line: Figures | undefined;
  readonly link: LinkSimulator;
  readonly overlay: Overlay;
  /** All else, as the SDK has it. */
  readonly sdk: Room | undefined;
  /** How many of our bolts the server has fired, in arena. */
  readonly ownShots: number;
  /** How often a connection came back to its seat. */
  readonly comebacks: number;
  player(player: number): Readonly<PlayerView> | undefined;
  players(): number;
  /** Of a game that is shown by its tables. */
  entities(): readonly EntityView[];
  /** Where on the page the own figure would be if it stood at (x, y) in tiles. */
  placeOf(x: number, y: number): FigurePlace;
  figures(): FrameFigures;
  resetFigures(): void;
}

declare global {
  interface Window {
    skirmish?: Debug;
  }
}

type Shown = Match | PlainView;

interface Parts {
  readonly stage: Stage;
  readonly link: LinkSimulator;
  readonly overlay: Overlay;
}

export function exposeDebug(
  { stage, link, overlay }: Parts,
): { playing(room: Room, show: Shown): void } {
  let room: Room | undefined;
  let match: Match | undefined;
  let plain: PlainView | undefined;
  let comebacks = 0;
  let ownShots = 0;
  window.skirmish = {
    link,
    overlay,
    get state() {
      return room?.connection ?? "joining";
    },
    get room() {
      return room?.code ?? "";
    },
    get me() {
      return room?.me ?? -1;
    },
    get line() {
      return room?.figures;
    },
    get sdk() {
      return room;
    },
    get ownShots() {
      return ownShots;
    },
    get comebacks() {
      return comebacks;
    },
    player: (player) => match?.scene.find(player),
    players: () => match?.scene.players.count ?? 0,
    entities: () => plain?.entities() ?? [],
    placeOf: (x, y) => stage.renderer.placeOf(x, y),
    figures: () => stage.meter.figures(),
    resetFigures: () => stage.meter.reset(),
  };
  return {
    playing(newRoom, show) {
      room = newRoom;
      match = show instanceof Match ? show : undefined;
      plain = show instanceof PlainView ? show : undefined;
      comebacks = 0;
      ownShots = 0;
      const shots = newRoom.as(arena);
      const count = (player: number) => (ownShots += player === newRoom.me ? 1 : 0);
      shots?.events.on("shot", {
        shown: ({ player }, { told }) => told === "happened" && count(player),
        confirmed: ({ player }) => count(player),
      });
      newRoom.onReconnect(() => comebacks++);
    },
  };
}
