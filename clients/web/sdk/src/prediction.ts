// prediction.ts - our own entities, drawn where they are now: whether that is so, and how well both
// ends agree.
import type { EntityOf, OwnEntities } from "./entities.ts";
import type { Trouble } from "./game_module.ts";
import type { Session } from "./session.ts";
import type { GameTables, KindName } from "./tables.ts";

/** "on"; or why ours are not ahead of the server: no snapshot came yet; the newest is too old to go
 * on from, so that our inputs wait; the server runs another code; we only look; the game's
 * prediction was caught at a fault. */
export type Predicting = "on" | "waiting" | "held" | "code" | "spectator" | "fault";

/** Snapshots by what was found when our own state was compared with theirs, bit for bit. */
export interface Agreement {
  readonly matched: number;
  /** An input was missing there, so another was used. */
  readonly late: number;
  /** Others had a hand in it. */
  readonly touched: number;
  /** None of these: a bug of the game's. */
  readonly diverging: number;
}

const nothing: Agreement = { matched: 0, late: 0, touched: 0, diverging: 0 };

export class Prediction<Tables extends GameTables = GameTables> {
  private readonly session: Session;
  private readonly entities: OwnEntities;

  constructor(session: Session, entities: OwnEntities) {
    this.session = session;
    this.entities = entities;
  }

  get state(): Predicting {
    const { figures, obstacle } = this.session;
    if (obstacle) return obstacle;
    if (!figures || figures.predictedTick === 0) return "waiting";
    return figures.isHeld ? "held" : "on";
  }

  /** How many ticks what is drawn of ours is ahead of the newest snapshot. */
  get aheadTicks(): number {
    const { predictedTick, newestTick } = this.session.figures ?? { predictedTick: 0 };
    return predictedTick === 0 ? 0 : predictedTick - newestTick!;
  }

  /** Our own entities of a kind as of the newest frame, with their exact rows in `own`. */
  own<Name extends KindName<Tables>>(kind: Name): readonly EntityOf<Tables, Name>[] {
    return this.entities.ownOf(kind) as readonly unknown[] as readonly EntityOf<Tables, Name>[];
  }

  get agreement(): Agreement {
    const { matched, late, touched, diverging } = this.session.figures ?? nothing;
    return { matched, late, touched, diverging };
  }

  /** How far drawing is off the state while a correction fades: of the row that is off most, in
   * parts of its range. */
  get offset(): number {
    return this.session.figures?.offset ?? 0;
  }

  /** What went wrong last, of this connection. */
  get trouble(): Trouble | undefined {
    return this.session.trouble;
  }

  /** Prediction went wrong: a bug of the game's, for the console. */
  onTrouble(listener: (trouble: Trouble) => void): () => void {
    return this.session.on("trouble", listener);
  }
}
