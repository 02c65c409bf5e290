// entities.ts - the room's entities as objects with their rows by name, as of the newest frame.
//
// An entity's object is made once for its place and filled anew in each frame that shows it, so a
// frame allocates nothing: what shall outlast the frame must be copied.
import type { EntityVisitor } from "./game_module.ts";
import {
  type GameTables, type Kind, type KindName, type Rows, emptyRows, fillRows,
} from "./tables.ts";

const NO_OWNER = 0xffff; // sim/entity.h

/** A row named as one of these three takes its place. */
export type Entity<Of extends Kind = Kind> = {
  /** Stays the same as long as the entity lives. */
  readonly slot: number;
  /** A player's number; undefined: nobody's. */
  readonly owner: number | undefined;
  /** The exact rows of an entity of ours. */
  readonly own: Readonly<Rows<Of["own"]>> | undefined;
} & Readonly<Rows<Of["fields"]>>;

export interface Entities<Item> extends Iterable<Item> {
  readonly count: number;
  /** In no order that means anything; 0 <= index < count. */
  at(index: number): Item;
  get(slot: number): Item | undefined;
}

export type EntityOf<Tables extends GameTables, Name extends KindName<Tables>> = Entity<
  Extract<Tables["kinds"][number], { readonly name: Name }>
>;

/** By kind. */
export type State<Tables extends GameTables = GameTables> = {
  readonly [Name in KindName<Tables>]: Entities<EntityOf<Tables, Name>>;
};

/** Of a kind by name, those with exact rows. */
export interface OwnEntities {
  ownOf(kind: string): readonly Entity[];
}

/** Fills `values` with all rows of an entity and says how many; see GameView.read. */
export type ReadEntity = (kind: number, slot: number, values: number[]) => number;

interface Place {
  readonly entity: Entity;
  readonly rows: Record<string, number>;
  readonly ownRows: Record<string, number>;
  frame: number;
}

interface Shown {
  slot: number;
  owner: number | undefined;
  own: Record<string, number> | undefined;
}

function makePlace({ fields, own }: Kind): Place {
  const shown: Shown = { slot: 0, owner: undefined, own: undefined };
  const entity = Object.assign(shown, emptyRows(fields)) as unknown as Entity;
  const rows = entity as unknown as Record<string, number>;
  return { entity, rows, ownRows: emptyRows(own), frame: 0 };
}

class KindEntities implements Entities<Entity> {
  count = 0;
  private readonly kind: Kind;
  private readonly places: (Place | undefined)[] = [];
  private readonly shown: Entity[] = [];
  readonly own: Entity[] = [];
  private frame = 0;

  constructor(kind: Kind) {
    this.kind = kind;
  }

  clear(): void {
    this.count = 0;
    this.own.length = 0;
    this.frame++;
  }

  show(slot: number, owner: number, values: Float64Array, first: number): void {
    const place = (this.places[slot] ??= makePlace(this.kind));
    const shown = place.entity as Shown;
    shown.slot = slot;
    shown.owner = owner === NO_OWNER ? undefined : owner;
    shown.own = undefined;
    fillRows(place.rows, this.kind.fields, values, first);
    place.frame = this.frame;
    this.shown[this.count++] = place.entity;
  }

  /** `values`: all rows of the entity in `slot`. */
  showOwn(slot: number, values: readonly number[]): void {
    const place = this.places[slot]!;
    fillRows(place.ownRows, this.kind.own, values, this.kind.fields.length);
    (place.entity as Shown).own = place.ownRows;
    this.own.push(place.entity);
  }

  get name(): string {
    return this.kind.name;
  }

  get hasOwn(): boolean {
    return this.kind.own.length > 0;
  }

  at(index: number): Entity {
    return this.shown[index]!;
  }

  get(slot: number): Entity | undefined {
    const place = this.places[slot];
    return place?.frame === this.frame ? place.entity : undefined;
  }

  *[Symbol.iterator](): Iterator<Entity> {
    for (let i = 0; i < this.count; i++) yield this.shown[i]!;
  }
}

/** Fills a state frame by frame. */
export class StateFiller<Tables extends GameTables> implements OwnEntities {
  readonly state: State<Tables>;
  private readonly kinds: readonly KindEntities[];
  private readonly values: number[] = [];
  private me: number | undefined;

  constructor(tables: Tables) {
    this.kinds = tables.kinds.map((kind) => new KindEntities(kind));
    const rows = tables.kinds.map(({ name }, i) => [name, this.kinds[i]!] as const);
    this.state = Object.fromEntries(rows) as unknown as State<Tables>;
  }

  ownOf(kind: string): readonly Entity[] {
    return this.kinds.find(({ name }) => name === kind)?.own ?? [];
  }

  /** `me`: whose exact rows are to be had; undefined: nobody's. */
  fill(
    me: number | undefined, draw: (visit: EntityVisitor) => void, read: ReadEntity,
  ): void {
    this.me = me;
    for (const kind of this.kinds) kind.clear();
    draw(this.visit);
    for (let kind = 0; kind < this.kinds.length; kind++) this.readOwn(kind, read);
  }

  private readonly visit: EntityVisitor = (kind, slot, owner, values, first) => {
    this.kinds[kind]?.show(slot, owner, values, first);
  };

  /** After the visits, whose values are borrowed. */
  private readOwn(kind: number, read: ReadEntity): void {
    const entities = this.kinds[kind]!;
    if (!entities.hasOwn || this.me === undefined) return;
    for (let i = 0; i < entities.count; i++) {
      const { slot, owner } = entities.at(i);
      if (owner !== this.me || read(kind, slot, this.values) === 0) continue;
      entities.showOwn(slot, this.values);
    }
  }
}

