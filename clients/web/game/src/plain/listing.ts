// listing.ts - the plain view's tables: how many of each kind, the own entity's rows with the exact
// ones, and what happened last.
import type { About, Entity, GameTables, Kind } from "skirmish-sdk";

import { byId, make } from "../ui/dom";
import { rowsText, valueText } from "./places";

const HAPPENED_MAX = 8;

export interface Own {
  readonly kind: Kind;
  readonly entity: Entity;
}

export class Listing {
  private readonly box = byId("plain");
  private readonly happened: string[] = [];

  constructor(private readonly tables: GameTables) {}

  on(rows: Readonly<Record<string, number>>, { type, tick }: About): void {
    const event = this.tables.events.find(({ name }) => name === type)!;
    this.happened.unshift(`${tick}  ${type}  ${rowsText(event, rows)}`);
    this.happened.length = Math.min(this.happened.length, HAPPENED_MAX);
  }

  show(counts: readonly number[], own: readonly Own[]): void {
    const { kinds } = this.tables;
    const parts = [make("h2", this.tables.name), make("h3", "kinds")];
    kinds.forEach(({ name }, kind) => parts.push(line(name, String(counts[kind] ?? 0))));
    for (const one of own) parts.push(...ownLines(one));
    parts.push(make("h3", "events"));
    if (this.happened.length === 0) parts.push(make("p", "none yet", "none"));
    parts.push(...this.happened.map((text) => make("p", text)));
    this.box.replaceChildren(...parts);
  }
}

function ownLines({ kind, entity }: Own): HTMLElement[] {
  const lines = kind.fields.map(({ name }) => line(name, valueText(entity[name]!)));
  const own = kind.own.map(({ name }) => line(`${name} =`, valueText(entity.own?.[name] ?? 0)));
  return [make("h3", `your ${kind.name}`), ...lines, ...own];
}

function line(name: string, value: string): HTMLElement {
  const row = make("p");
  row.append(make("span", name), make("b", value));
  return row;
}
