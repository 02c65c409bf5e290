// tables.ts - what a game's build writes of itself (clients/web/describe), and the types that
// follow from it: an entity has the rows of its kind, a message those of its event, by name.

export interface Field {
  readonly name: string;
  readonly unit: string;
  readonly min?: number;
  readonly max?: number;
}

export interface Table {
  readonly name: string;
  readonly fields: readonly Field[];
}

export interface Kind extends Table {
  /** Rows that only the owner gets; they follow the others. */
  readonly own: readonly Field[];
}

export interface CommandType {
  readonly name: string;
  readonly bytesMax: number;
}

export interface GameTables {
  readonly name: string;
  /** Of the code that they were made of. */
  readonly codeHash?: bigint;
  readonly kinds: readonly Kind[];
  readonly events: readonly Table[];
  readonly commands: readonly CommandType[];
  /** Among them `button_NAME`, the bit of that button. */
  readonly constants: Readonly<Record<string, number>>;
}

export type Rows<Fields extends readonly Field[]> = { [Name in Fields[number]["name"]]: number };

/** The names of a game's buttons. */
export type ButtonName<Tables extends GameTables> =
  keyof Tables["constants"] extends infer Key
    ? Key extends `button_${infer Name}` ? Name : never
    : never;
export type CommandName<Tables extends GameTables> = Tables["commands"][number]["name"];
export type EventName<Tables extends GameTables> = Tables["events"][number]["name"];
export type KindName<Tables extends GameTables> = Tables["kinds"][number]["name"];

/** Whether a page that knows a game by `one` can show what plays by `other`. */
export function areAlike(one: GameTables, other: GameTables): boolean {
  const [mine, theirs] = [one, other].map(({ kinds, events, commands, constants }) => {
    return JSON.stringify([kinds, events, commands, constants]);
  });
  return mine === theirs;
}

/** Writes values[first...] into the rows that `fields` name. */
export function fillRows(
  rows: Record<string, number>, fields: readonly Field[], values: ArrayLike<number>, first: number,
): void {
  for (let i = 0; i < fields.length; i++) rows[fields[i]!.name] = values[first + i]!;
}

/** Rows of `fields`, all 0. */
export function emptyRows(fields: readonly Field[]): Record<string, number> {
  return Object.fromEntries(fields.map(({ name }) => [name, 0]));
}
