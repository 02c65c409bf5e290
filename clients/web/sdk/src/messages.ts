// messages.ts - a game's events as messages with their rows by name.
import type { GameEvent, Told } from "./game_module.ts";
import { type EventName, type GameTables, type Rows, emptyRows, fillRows } from "./tables.ts";

/** What is known of a message beside its rows. */
export interface About<Type extends string = string> {
  readonly type: Type;
  readonly tick: number;
  /** "predicted": it is our own doing, now, and is told once more when the server's word is here:
   * "confirmed" or "undone". */
  readonly told: Told;
  /** Of our own doing: the same both times, so that what was shown can be found again. */
  readonly number: number | undefined;
}

export type Message<Tables extends GameTables, Type extends EventName<Tables>> = Readonly<
  Rows<Extract<Tables["events"][number], { readonly name: Type }>["fields"]>
>;

type Listener = (message: Readonly<Record<string, number>>, about: About) => void;
const ALL = "*";

/** A message's object is made once for its type: what shall outlast the call must be copied. */
export class Messages {
  private readonly tables: GameTables;
  private readonly rows: readonly Record<string, number>[];
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(tables: GameTables) {
    this.tables = tables;
    this.rows = tables.events.map(({ fields }) => emptyRows(fields));
  }

  /** Calls `listener` at each message of `type`, or of all for "*", until the returned function is
   * called.  Throws for a type that the game does not have. */
  on(type: string, listener: Listener): () => void {
    if (type !== ALL && !this.tables.events.some(({ name }) => name === type)) {
      throw new TypeError(`${this.tables.name} has no event ${type}`);
    }
    let set = this.listeners.get(type);
    if (!set) this.listeners.set(type, (set = new Set()));
    set.add(listener);
    return () => set.delete(listener);
  }

  readonly pass = ({ told, type, tick, number, values }: GameEvent): void => {
    const event = this.tables.events[type];
    if (!event) return;
    const message = this.rows[type]!;
    fillRows(message, event.fields, values, 0);
    const about = { type: event.name, tick, told, number };
    this.listeners.get(event.name)?.forEach((listener) => listener(message, about));
    this.listeners.get(ALL)?.forEach((listener) => listener(message, about));
  };
}
