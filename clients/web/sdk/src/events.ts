// events.ts - what happens, and what became of what was shown before the server said so.
//
//   shown ---the server has it too---> confirmed        of our own doing (about.told "predicted")
//     +------it has not--------------> undone           what was shown is to be taken back
import { type About, type Message, Messages } from "./messages.ts";
import type { Session } from "./session.ts";
import type { EventName, GameTables } from "./tables.ts";

type Listener<Tables extends GameTables, Type extends EventName<Tables>> =
  (message: Message<Tables, Type>, about: About<Type>) => void;

export interface EventListeners<Tables extends GameTables, Type extends EventName<Tables>> {
  /** It happened, or we did it just now: once, whichever comes first. */
  readonly shown?: Listener<Tables, Type>;
  /** One that was "predicted": the server has it too, with its rows. */
  readonly confirmed?: Listener<Tables, Type>;
  readonly undone?: Listener<Tables, Type>;
}

type AnyListener = Parameters<Messages["on"]>[1];

export class Events<Tables extends GameTables = GameTables> {
  private readonly told: Readonly<Record<"shown" | "confirmed" | "undone", Messages>>;

  constructor(session: Session, tables: Tables) {
    const make = () => new Messages(tables);
    this.told = { shown: make(), confirmed: make(), undone: make() };
    session.on("event", this.told.shown.pass);
    session.on("confirmed", this.told.confirmed.pass);
    session.on("undone", this.told.undone.pass);
  }

  /** Calls the listeners for events of a type until the returned function is called. */
  on<Type extends EventName<Tables>>(
    type: Type, { shown, confirmed, undone }: EventListeners<Tables, Type>,
  ): () => void {
    const rows = [["shown", shown], ["confirmed", confirmed], ["undone", undone]] as const;
    const ends = rows.map(([when, listener]) => {
      return listener ? this.told[when].on(type, listener as unknown as AnyListener) : undefined;
    });
    return () => ends.forEach((end) => end?.());
  }

  /** The same for what is shown, of every type. */
  onEach(
    shown: (message: Readonly<Record<string, number>>, about: About) => void,
  ): () => void {
    return this.told.shown.on("*", shown);
  }
}
