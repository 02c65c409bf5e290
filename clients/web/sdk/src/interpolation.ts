// interpolation.ts - everybody else, drawn a little in the past, where there is a snapshot before
// and one behind.
import type { EntityVisitor } from "./game_module.ts";
import type { Session } from "./session.ts";

export class Interpolation {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** The moment that the newest frame shows of others: a tick with its fraction.  Undefined before
   * the first snapshot. */
  get tick(): number | undefined {
    return this.session.renderTick;
  }

  /** How far behind the newest snapshots that is; as long as the line's jitter needs. */
  get delayMs(): number {
    return this.session.figures?.delayMs ?? 0;
  }

  /** How often drawing had to wait for a snapshot. */
  get underruns(): number {
    return this.session.figures?.underruns ?? 0;
  }

  /** Visits each entity as of the newest frame, ours as predicted, with its rows as numbers in the
   * order of the game's table: for a renderer that fills buffers of its own, without objects in
   * between.  Room.state has the same by name. */
  draw(visit: EntityVisitor): void {
    this.session.draw(visit);
  }
}
