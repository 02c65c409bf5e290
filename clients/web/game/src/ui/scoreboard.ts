// scoreboard.ts - all players by score: while Tab is held, and at a round's end with its winner.
import type { Seat } from "skirmish-sdk";

import type { PlayerView, Scene } from "../arena/scene";
import { ranked } from "../arena/standing";
import { colorOf } from "../render/palette";
import { TextSlot, byId, make } from "./dom";

const REFRESH_MS = 400;

export class Scoreboard {
  private readonly board = byId("board");
  private readonly title = new TextSlot(this.board.querySelector("h2")!);
  private readonly result = new TextSlot(this.board.querySelector("p")!);
  private readonly rows = this.board.querySelector("tbody")!;
  private refreshedMs = 0;

  /** `result` says more about the title, or nothing. */
  show(title: string, result: string, scene: Scene, roster: ReadonlyMap<number, Seat>): void {
    const nowMs = performance.now();
    this.title.set(title);
    this.result.set(result);
    if (!this.board.hidden && nowMs - this.refreshedMs < REFRESH_MS) return;
    this.refreshedMs = nowMs;
    this.board.hidden = false;
    this.rows.replaceChildren(...ranked(scene).map((view) => row(view, scene.me, roster)));
  }

  hide(): void {
    this.board.hidden = true;
  }
}

function row(view: PlayerView, me: number, roster: ReadonlyMap<number, Seat>): HTMLElement {
  const seat = roster.get(view.player);
  const line = make("tr", "", view.player === me ? "me" : "");
  const dot = make("span", "", "dot");
  dot.style.background = colorOf(view.player, me);
  const name = make("td", seat?.name ?? "");
  if (seat?.bot) name.append(make("small", "bot"));
  if (seat?.state === "away") name.append(make("small", "away"));
  const mark = make("td");
  mark.append(dot);
  line.append(mark, name, make("td", String(view.score)), make("td", String(view.deaths)));
  return line;
}
