// listing.ts - the plain view's tables: how many of each kind, the own entity's rows with the exact
// ones, and what happened last.
import type { GameEvent } from "skirmish-sdk";

import type { GameTables } from "../games";
import { byId, make } from "../ui/dom";
import { rowsText, valueText } from "./places";

const HAPPENED_MAX = 8;

/** An entity of ours: its kind and all its rows, the exact ones last. */
export interface Own {
  readonly kind: number;
  readonly values: readonly number[];
}

export class Listing {
  private readonly box = byId("plain");
  private readonly happened: string[] = [];

  constructor(private readonly game: string, private readonly tables: GameTables) {}

  on({ type, tick, values }: GameEvent): void {
    const event = this.tables.events[type];
    if (!event) return;
    const rows = rowsText(event, (row) => values[row] ?? 0);
    this.happened.unshift(`${tick}  ${event.name}  ${rows}`);
    this.happened.length = Math.min(this.happened.length, HAPPENED_MAX);
  }

  show(counts: readonly number[], own: readonly Own[]): void {
    const { kinds } = this.tables;
    const parts = [make("h2", this.game), make("h3", "kinds")];
    kinds.forEach(({ name }, kind) => parts.push(line(name, String(counts[kind] ?? 0))));
    for (const { kind, values } of own) parts.push(...this.ownLines(kind, values));
    parts.push(make("h3", "events"));
    if (this.happened.length === 0) parts.push(make("p", "none yet", "none"));
    parts.push(...this.happened.map((text) => make("p", text)));
    this.box.replaceChildren(...parts);
  }

  private ownLines(kind: number, values: readonly number[]): HTMLElement[] {
    const { name, fields, own } = this.tables.kinds[kind]!;
    const rows = [...fields.map((field) => field.name), ...own.map((field) => `${field.name} =`)];
    const lines = rows.map((row, i) => line(row, valueText(values[i] ?? 0)));
    return [make("h3", `your ${name}`), ...lines];
  }
}

function line(name: string, value: string): HTMLElement {
  const row = make("p");
  row.append(make("span", name), make("b", value));
  return row;
}
