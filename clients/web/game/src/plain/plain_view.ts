// plain_view.ts - any game on the screen, from its tables alone: for one that this page has no
// pictures of, such as an author's own on its first day.
//
// The controller is passed through as it is: axes 0 and 1 walk, axis 2 is the aim as a turn, button
// 0 fires, 1 dashes, 2 and 3 choose.
import { type Session, axisOf, turnOf } from "skirmish-sdk";

import type { GameTables } from "../games";
import type { Controls } from "../input/controls";
import type { Choice } from "../input/intent";
import type { Painter } from "../render/surface";
import type { Show } from "../stage";
import { Chart, type Dot } from "./chart";
import { Listing, type Own } from "./listing";
import { type Place, extentOf, placeOf, rowsText } from "./places";

const LIST_MS = 250;
const NO_OWNER = 0xffff;
const Button = { first: 1, second: 2, third: 4, fourth: 8 } as const;

/** An entity with its rows by name, for tests and the curious. */
export interface EntityView {
  readonly kind: string;
  readonly slot: number;
  readonly owner: number;
  readonly fields: Readonly<Record<string, number>>;
}

export class PlainView implements Show {
  private readonly chart: Chart;
  private readonly listing: Listing;
  private readonly places: readonly (Place | undefined)[];
  private readonly ends: () => void;
  private readonly dots: Dot[] = [];
  private readonly counts: number[] = [];
  private readonly ownPlaces: { kind: number; slot: number }[] = [];
  private listedMs = 0;
  private lastChoice = 0;
  private centre: readonly [number, number] = [0, 0];

  constructor(
    private readonly session: Session, private readonly controls: Controls, painter: Painter,
    private readonly tables: GameTables,
  ) {
    this.places = tables.kinds.map(placeOf);
    this.chart = new Chart(painter, extentOf(tables.kinds));
    this.listing = new Listing(session.welcome.game, tables);
    this.ends = session.on("event", (event) => this.listing.on(event));
    controls.mouse.centre = () => this.centre;
    controls.onChoice = (choice) => this.choose(choice);
  }

  frame(nowMs: number, pixelRatio: number): void {
    this.control();
    this.session.frame();
    this.dots.length = 0;
    this.ownPlaces.length = 0;
    this.counts.fill(0);
    this.session.draw(this.visit);
    this.chart.draw(this.dots, this.session.welcome.player, pixelRatio);
    if (nowMs - this.listedMs < LIST_MS) return;
    this.listedMs = nowMs;
    this.listing.show(this.counts, this.ownPlaces.map((at) => this.readOwn(at)));
  }

  end(): void {
    this.ends();
  }

  entities(): EntityView[] {
    const all: EntityView[] = [];
    this.session.draw((kind, slot, owner, values, first) => {
      const { name, fields } = this.tables.kinds[kind]!;
      const rows = fields.map((field, i) => [field.name, values[first + i]!] as const);
      all.push({ kind: name, slot, owner, fields: Object.fromEntries(rows) });
    });
    return all;
  }

  private control(): void {
    const { controller } = this.session;
    const intent = this.controls.read();
    controller.axes[0] = axisOf(intent.moveX);
    controller.axes[1] = axisOf(intent.moveY);
    controller.axes[2] = turnOf(intent.aim);
    controller.buttons = (intent.fire ? Button.first : 0) | (intent.dash ? Button.second : 0);
    controller.press((intent.fired ? Button.first : 0) | (intent.dashed ? Button.second : 0));
  }

  private choose(choice: Choice): void {
    this.lastChoice = choice === "other" ? 1 - this.lastChoice : choice;
    this.session.controller.press(this.lastChoice === 0 ? Button.third : Button.fourth);
  }

  private readonly visit = (
    kind: number, slot: number, owner: number, values: Float64Array, first: number,
  ): void => {
    const [table, place] = [this.tables.kinds[kind], this.places[kind]];
    if (!table) return;
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    const isOwned = owner !== NO_OWNER;
    const mine = isOwned && owner === this.session.welcome.player;
    if (mine) this.ownPlaces.push({ kind, slot }); // read later: what is visited is borrowed
    if (!place) return;
    const [x, y] = [values[first + place.x]!, values[first + place.y]!];
    const name = isOwned ? this.nameOf(owner) : `${table.name} ${slot}`;
    const rows = rowsText(table, (row) => values[first + row]!);
    this.dots.push({ x, y, kind, owner, isOwned, text: `${name}  ${rows}` });
    if (mine) this.centre = this.chart.toPage(x, y);
  };

  private readOwn({ kind, slot }: { kind: number; slot: number }): Own {
    const values: number[] = [];
    values.length = this.session.read(kind, slot, values);
    return { kind, values };
  }

  private nameOf(player: number): string {
    const seat = this.session.roster.get(player);
    return seat ? `${seat.name}${seat.bot ? " (bot)" : ""}` : `player ${player}`;
  }
}
