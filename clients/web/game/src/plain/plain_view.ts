// plain_view.ts - any game on the screen, from its tables alone: for one that this page has no
// pictures of, such as an author's own on its first day.
//
// The controller is passed through as it is: axes 0 and 1 walk, axis 2 is the aim as a turn, button
// 0 fires, 1 dashes, 2 and 3 choose.
import type { Entity, Kind, Room } from "skirmish-sdk";

import type { Controls } from "../input/controls";
import type { Choice } from "../input/intent";
import type { Painter } from "../render/surface";
import type { Show } from "../stage";
import { Chart, type Dot } from "./chart";
import { Listing } from "./listing";
import { type Place, extentOf, placeOf, rowsText } from "./places";

const LIST_MS = 250;
const Button = { first: 1, second: 2, third: 4, fourth: 8 } as const;

/** An entity with its rows by name, for tests and the curious. */
export interface EntityView {
  readonly kind: string;
  readonly slot: number;
  readonly owner: number | undefined;
  readonly fields: Readonly<Record<string, number>>;
}

export class PlainView implements Show {
  private readonly chart: Chart;
  private readonly listing: Listing;
  private readonly places: readonly (Place | undefined)[];
  private readonly ends: () => void;
  private readonly dots: Dot[] = [];
  private readonly counts: number[] = [];
  private readonly own: { kind: Kind; entity: Entity }[] = [];
  private listedMs = 0;
  private lastChoice = 0;
  private centre: readonly [number, number] = [0, 0];

  constructor(
    private readonly room: Room, private readonly controls: Controls, painter: Painter,
  ) {
    const { tables } = room;
    this.places = tables.kinds.map(placeOf);
    this.chart = new Chart(painter, extentOf(tables.kinds));
    this.listing = new Listing(tables);
    this.ends = room.onMessage("*", (rows, about) => this.listing.on(rows, about));
    controls.mouse.centre = () => this.centre;
    controls.onChoice = (choice) => this.choose(choice);
  }

  frame(nowMs: number, pixelRatio: number): void {
    this.control();
    this.room.frame();
    this.dots.length = 0;
    this.own.length = 0;
    this.room.tables.kinds.forEach((kind, i) => this.showKind(kind, i));
    this.chart.draw(this.dots, this.room.me, pixelRatio);
    if (nowMs - this.listedMs < LIST_MS) return;
    this.listedMs = nowMs;
    this.listing.show(this.counts, this.own);
  }

  end(): void {
    this.ends();
  }

  entities(): EntityView[] {
    return this.room.tables.kinds.flatMap(({ name, fields }) => {
      return Array.from(this.room.state[name]!, (entity) => {
        const rows = fields.map((field) => [field.name, entity[field.name]!] as const);
        const { slot, owner } = entity;
        return { kind: name, slot, owner, fields: Object.fromEntries(rows) };
      });
    });
  }

  private control(): void {
    const { input } = this.room;
    const intent = this.controls.read();
    input.stick(0, intent.moveX);
    input.stick(1, intent.moveY);
    input.turn(2, intent.aim);
    input.hold(Button.first, intent.fire);
    input.hold(Button.second, intent.dash);
    if (intent.fired) input.press(Button.first);
    if (intent.dashed) input.press(Button.second);
  }

  private choose(choice: Choice): void {
    this.lastChoice = choice === "other" ? 1 - this.lastChoice : choice;
    this.room.input.press(this.lastChoice === 0 ? Button.third : Button.fourth);
  }

  private showKind(kind: Kind, number: number): void {
    const entities = this.room.state[kind.name]!;
    const place = this.places[number];
    this.counts[number] = entities.count;
    for (const entity of entities) {
      const mine = entity.owner !== undefined && entity.owner === this.room.me;
      if (mine) this.own.push({ kind, entity });
      if (place) this.addDot(kind, number, entity, place, mine);
    }
  }

  private addDot(kind: Kind, number: number, entity: Entity, place: Place, mine: boolean): void {
    const { slot, owner } = entity;
    const [x, y] = [entity[place.x]!, entity[place.y]!];
    const name = owner === undefined ? `${kind.name} ${slot}` : this.nameOf(owner);
    const text = `${name}  ${rowsText(kind, entity)}`;
    this.dots.push({ x, y, kind: number, owner, text });
    if (mine) this.centre = this.chart.toPage(x, y);
  }

  private nameOf(player: number): string {
    const seat = this.room.players.get(player);
    return seat ? `${seat.name}${seat.bot ? " (bot)" : ""}` : `player ${player}`;
  }
}
