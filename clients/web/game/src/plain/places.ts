// places.ts - where a game's entities are, read from its tables alone: the rows named x and y (or
// that end so: pos_x, at_y), within the range that they declare.
import type { Field, Table } from "../games";

/** A kind's two rows of place. */
export interface Place {
  readonly x: number; // index of the row
  readonly y: number;
}

export interface Extent {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function rowOf(fields: readonly Field[], axis: string): number {
  const exact = fields.findIndex(({ name }) => name === axis);
  return exact >= 0 ? exact : fields.findIndex(({ name }) => name.endsWith(`_${axis}`));
}

/** Undefined for a kind that is nowhere, such as a score. */
export function placeOf({ fields }: Table): Place | undefined {
  const [x, y] = [rowOf(fields, "x"), rowOf(fields, "y")];
  return x >= 0 && y >= 0 ? { x, y } : undefined;
}

/** Around all that the kinds with a place may reach. */
export function extentOf(kinds: readonly Table[]): Extent {
  const extent = { left: 0, top: 0, right: 1, bottom: 1 };
  for (const kind of kinds) {
    const place = placeOf(kind);
    if (!place) continue;
    const [x, y] = [kind.fields[place.x]!, kind.fields[place.y]!];
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
export function rowsText(kind: Table, valueOf: (row: number) => number): string {
  const place = placeOf(kind);
  return kind.fields
    .map(({ name }, row) => ({ row, text: `${name} ${valueText(valueOf(row))}` }))
    .filter(({ row }) => row !== place?.x && row !== place?.y)
    .map(({ text }) => text)
    .join("  ");
}
