// scoreboard.ts - all players by score, in teams one under the other: while Tab is held, and at a
// round's end with its winner and what the own player did.
import type { Seat } from "skirmish-sdk";

import type { PlayerView, Scene } from "../arena/scene";
import { rankTitle, ranked } from "../arena/standing";
import { teamMarks, teamWords } from "../arena/teams";
import type { Colours } from "../render/colours";
import { TextSlot, byId, make } from "./dom";

const REFRESH_MS = 400;
const COLUMNS = 5;

export class Scoreboard {
  private readonly board = byId("board");
  private readonly title = new TextSlot(this.board.querySelector("h2")!);
  private readonly lines = new TextSlot(this.board.querySelector("p")!);
  private readonly rows = this.board.querySelector("tbody")!;
  private refreshedMs = 0;

  /** `lines` say more about the title, or nothing. */
  show(
    title: string, lines: readonly string[], scene: Scene, roster: ReadonlyMap<number, Seat>,
    colours: Colours,
  ): void {
    const nowMs = performance.now();
    this.title.set(title);
    this.lines.set(lines.join("\n"));
    if (!this.board.hidden && nowMs - this.refreshedMs < REFRESH_MS) return;
    this.refreshedMs = nowMs;
    this.board.hidden = false;
    this.rows.replaceChildren(...rowsOf(scene, roster, colours));
  }

  hide(): void {
    this.board.hidden = true;
  }
}

function rowsOf(
  scene: Scene, roster: ReadonlyMap<number, Seat>, colours: Colours,
): HTMLElement[] {
  const views = ranked(scene);
  const row = (view: PlayerView) => rowOf(view, scene.me, roster.get(view.player), colours);
  if (!scene.teams) return views.map(row);
  const teams = [1, 2].sort((a, b) => scene.teamScores[b]! - scene.teamScores[a]!);
  return teams.flatMap((team) => {
    const members = views.filter((view) => view.team === team);
    return [teamRow(team, scene.teamScores[team]!), ...members.map(row)];
  });
}

function teamRow(team: number, score: number): HTMLElement {
  const line = make("tr", "", "team");
  const name = make("th", `${teamWords(team)}: ${score}`) as HTMLTableCellElement;
  name.colSpan = COLUMNS;
  line.append(name);
  return line;
}

function rowOf(
  view: PlayerView, me: number, seat: Seat | undefined, colours: Colours,
): HTMLElement {
  const line = make("tr", "", view.player === me ? "me" : "");
  const name = make("td", seat?.name ?? "");
  name.append(make("small", seat?.bot ? "bot" : rankTitle(view.rank)));
  if (seat?.state === "away") name.append(make("small", "away"));
  const mark = make("td", teamMarks[view.team] ?? "");
  mark.style.color = colours.of(view.player);
  if (view.team === 0) mark.append(dot(colours.of(view.player)));
  const numbers = [view.score, view.deaths, view.streak];
  line.append(mark, name, ...numbers.map((number) => make("td", String(number))));
  return line;
}

function dot(color: string): HTMLElement {
  const made = make("span", "", "dot");
  made.style.background = color;
  return made;
}
