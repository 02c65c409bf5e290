// scoreboard.ts - all players by score: while Tab is held, and at a round's end with its winner.
import type { Seat } from "skirmish-sdk";

import type { PlayerView, Scene } from "../arena/scene";
import { colorOf } from "../render/palette";
import { byId, make } from "./dom";

const REFRESH_MS = 400;

export class Scoreboard {
  private readonly board = byId("board");
  private readonly title = this.board.querySelector("h2")!;
  private readonly rows = this.board.querySelector("tbody")!;
  private refreshedMs = 0;

  show(title: string, scene: Scene, roster: ReadonlyMap<number, Seat>): void {
    const nowMs = performance.now();
    if (!this.board.hidden && nowMs - this.refreshedMs < REFRESH_MS) return;
    this.refreshedMs = nowMs;
    this.board.hidden = false;
    this.title.textContent = title;
    const views = Array.from({ length: scene.players.count }, (_, i) => scene.players.get(i));
    views.sort((a, b) => b.score - a.score || a.deaths - b.deaths);
    this.rows.replaceChildren(...views.map((view) => row(view, scene.me, roster)));
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
