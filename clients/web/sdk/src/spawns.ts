// spawns.ts - what our input has spawned, from the press on: one entity all through, whatever the
// server calls it.
//
//   appeared ---the server has it too---> confirmed ---> ended
//      |                                                   ^
//      +-------its course ended before that----------------+
//      +-------the server has none---> undone
import type { State } from "./entities.ts";
import type { SpawnVisitor } from "./game_module.ts";
import type { GameTables, KindName } from "./tables.ts";

export interface Spawn<Kind extends string = string> {
  readonly kind: Kind;
  /** Its entity's, in the state, while it is drawn: it may end before the server knows. */
  readonly slot: number;
  /** That it was first predicted for. */
  readonly tick: number;
  readonly isConfirmed: boolean;
}

type When = "appeared" | "confirmed" | "undone" | "ended";

export type SpawnListeners<Kind extends string> = {
  readonly [Name in When]?: (spawn: Spawn<Kind>) => void;
};

type Mutable = { -readonly [Name in keyof Spawn]: Spawn[Name] };

interface Place {
  readonly spawn: Mutable;
  frame: number;
  isDrawn: boolean;
  isWithdrawn: boolean;
}

const SLOTS = 65536; // of a kind, at most

export class Spawns<Tables extends GameTables = GameTables> implements Iterable<Spawn> {
  private readonly tables: Tables;
  private readonly state: State<Tables>;
  private readonly places = new Map<number, Place>();
  private readonly listeners = new Map<string, Set<SpawnListeners<string>>>();
  private frame = 0;

  constructor(tables: Tables, state: State<Tables>) {
    this.tables = tables;
    this.state = state;
  }

  get count(): number {
    return this.places.size;
  }

  *[Symbol.iterator](): Iterator<Spawn> {
    for (const { spawn } of this.places.values()) yield spawn;
  }

  /** The spawn that an entity of the state is; undefined for what is no spawn of ours. */
  get(kind: KindName<Tables>, slot: number): Spawn | undefined {
    return this.places.get(this.kindOf(kind) * SLOTS + slot)?.spawn;
  }

  /** Calls the listeners for spawns of a kind, in frame(), until the returned function is
   * called. */
  on<Kind extends KindName<Tables>>(kind: Kind, listeners: SpawnListeners<Kind>): () => void {
    this.kindOf(kind);
    let set = this.listeners.get(kind);
    if (!set) this.listeners.set(kind, (set = new Set()));
    set.add(listeners as SpawnListeners<string>);
    return () => set.delete(listeners as SpawnListeners<string>);
  }

  /** Of a frame whose state is filled. */
  follow(read: (visit: SpawnVisitor) => void): void {
    this.frame++;
    read(this.visit);
    for (const [key, place] of this.places) this.settle(key, place);
  }

  private readonly visit: SpawnVisitor = (kind, slot, tick, isBound, isWithdrawn) => {
    const key = kind * SLOTS + slot;
    const place = this.places.get(key) ?? this.add(key, kind, slot, tick);
    place.frame = this.frame;
    place.isWithdrawn = isWithdrawn;
    place.spawn.tick = tick; // the server's time may have lost some
    if (!isBound || place.spawn.isConfirmed) return;
    place.spawn.isConfirmed = true;
    this.tell("confirmed", place.spawn);
  };

  private add(key: number, kind: number, slot: number, tick: number): Place {
    const spawn = { kind: this.tables.kinds[kind]!.name, slot, tick, isConfirmed: false };
    const place = { spawn, frame: this.frame, isDrawn: false, isWithdrawn: false };
    this.places.set(key, place);
    this.tell("appeared", spawn);
    return place;
  }

  private settle(key: number, place: Place): void {
    const { spawn, frame, isDrawn, isWithdrawn } = place;
    if (frame === this.frame) {
      const entities = this.state[spawn.kind as KindName<Tables>];
      place.isDrawn = entities.get(spawn.slot) !== undefined;
      return;
    }
    this.places.delete(key);
    this.tell(!spawn.isConfirmed && (isDrawn || isWithdrawn) ? "undone" : "ended", spawn);
  }

  private tell(when: When, spawn: Spawn): void {
    this.listeners.get(spawn.kind)?.forEach((listeners) => listeners[when]?.(spawn));
  }

  private kindOf(name: string): number {
    const kind = this.tables.kinds.findIndex((one) => one.name === name);
    if (kind < 0) throw new TypeError(`${this.tables.name} has no kind ${name}`);
    return kind;
  }
}
