// places.ts - where a game's entities are, read from its tables alone: the rows named x and y (or
// that end so: pos_x, at_y), within the range that they declare.
import type { Field, Table } from "skirmish-sdk";

/** A kind's two rows of place, by name. */
export interface Place {
  readonly x: string;
  readonly y: string;
}

export interface Extent {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function rowOf(fields: readonly Field[], axis: string): Field | undefined {
  const exact = fields.find(({ name }) => name === axis);
  return exact ?? fields.find(({ name }) => name.endsWith(`_${axis}`));
}

/** Undefined for a kind that is nowhere, such as a score. */
export function placeOf({ fields }: Table): Place | undefined {
  const [x, y] = [rowOf(fields, "x"), rowOf(fields, "y")];
  return x && y ? { x: x.name, y: y.name } : undefined;
}

/** Around all that the kinds with a place may reach. */
export function extentOf(kinds: readonly Table[]): Extent {
  const extent = { left: 0, top: 0, right: 1, bottom: 1 };
  for (const kind of kinds) {
    const [x, y] = [rowOf(kind.fields, "x"), rowOf(kind.fields, "y")];
    if (!x || !y) continue;
    extent.left = Math.min(extent.left, x.min ?? 0);
    extent.top = Math.min(extent.top, y.min ?? 0);
    extent.right = Math.max(extent.right, x.max ?? 1);
    extent.bottom = Math.max(extent.bottom, y.max ?? 1);
  }
  return extent;
}

/** A row's value as a person reads it. */
export function valueText(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

/** "score 3  health 80": the rows that are not the place. */
export function rowsText(kind: Table, rows: Readonly<Record<string, number>>): string {
  const place = placeOf(kind);
  return kind.fields
    .filter(({ name }) => name !== place?.x && name !== place?.y)
    .map(({ name }) => `${name} ${valueText(rows[name]!)}`)
    .join("  ");
}
