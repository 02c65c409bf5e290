// connect.ts - from a name to a seat: join API, game module, content, connection.
import type { GameModule } from "./game_module.ts";
import {
  type JoinAnswer, type JoinRequest, fetchContent, fetchTables, join, rejoin,
} from "./join.ts";
import { type OpenSocket, openWebSocket } from "./link.ts";
import { Patience, type Waiting } from "./patience.ts";
import { JoinError, isFinal, isPassing } from "./reason.ts";
import { Session, type SessionConfig } from "./session.ts";
import { type GameTables, areAlike } from "./tables.ts";
import { loadWasmGame } from "./wasm_game.ts";

export type { Waiting } from "./patience.ts";

/** A game that a client knows when it is built. */
export interface Game<Tables extends GameTables = GameTables> {
  /** What the game's build wrote of it. */
  readonly tables: Tables;
  /** Its code, for a server that has none for pages: see loadWasmGame(). */
  load?(): Promise<GameModule>;
}

export type Games = Readonly<Record<string, Game>>;

export interface ConnectOptions extends JoinRequest {
  /** Where the server is; the page's own origin when absent. */
  readonly url?: string | URL;
  /** A resume ticket: its seat, whatever the request says. */
  readonly resume?: string;
  /** By name; others are played by what the server says of them. */
  readonly games: Games;
  /** Told before each wait, when the network or a busy server refused us for now. */
  readonly onWaiting?: (waiting: Waiting) => void;
  readonly openSocket?: OpenSocket | undefined;
  /** Messages with inputs a second at most, for a narrow line: several ticks share one.  One
   * whenever an input is made when absent. */
  readonly inputRate?: number | undefined;
  /** Whether the game's predict() is watched. */
  readonly guards?: boolean | undefined;
}

type Line = Pick<SessionConfig, "openSocket" | "inputRate" | "guards">;

/** Joins a room and says hello; what was refused for now is tried again for half a minute.
 * Resolves when the server has welcomed us; rejects with a JoinError, whose word is the server's
 * reason and whose message is a sentence for a person. */
export async function connect(options: ConnectOptions): Promise<Session> {
  const { url, games, openSocket, onWaiting, resume, inputRate, guards, ...request } = options;
  const base = new URL(url ?? location.href);
  const ask = () => (resume === undefined ? join(base, request) : rejoin(base, resume));
  const arrival = new Arrival(base, ask, games, { openSocket, inputRate, guards });
  const passes = (word: string) => isPassing(word) && (resume === undefined || !isFinal(word));
  return new Patience(onWaiting ?? (() => {}), passes).keep(() => arrival.attempt());
}

/** One player's way in, over several attempts.  A ticket that the server has not seen serves the
 * next attempt too, so that a seat is not held for each. */
class Arrival {
  private readonly base: URL;
  private readonly ask: () => Promise<JoinAnswer>;
  private readonly games: Games;
  private readonly line: Line;
  private seat: JoinAnswer | undefined;
  private seatEndsMs = 0;

  constructor(
    base: URL, ask: () => Promise<JoinAnswer>, games: Games,
    { openSocket = openWebSocket, inputRate, guards }: Pick<ConnectOptions, keyof Line>,
  ) {
    this.base = base;
    this.ask = ask;
    this.games = games;
    this.line = { openSocket, inputRate, guards };
  }

  async attempt(): Promise<Session> {
    const { ws, ticket, ...seat } = await this.takeSeat();
    const [game, content] = await Promise.all([
      this.load(seat), fetchContent(this.base, seat.content),
    ]);
    const tables = await this.tablesOf(seat, game);
    const { base, line } = this;
    const session = new Session({ base, game, tables, content, ...line });
    await session.start(ws, ticket).catch((error: unknown) => {
      if (session.saidHello) this.seat = undefined;
      throw error;
    });
    return session;
  }

  /** The server's own code is what it predicts with: the page's would do for a while at best. */
  private load({ game, module }: Pick<JoinAnswer, "game" | "module">): Promise<GameModule> {
    if (module !== undefined) return loadWasmGame(game, new URL(module, this.base));
    const load = this.games[game]?.load;
    if (!load) throw new JoinError("game_unknown", `this server has no code of ${game} for pages`);
    return load();
  }

  private async tablesOf(
    { game, module }: Pick<JoinAnswer, "game" | "module">, { codeHash }: GameModule,
  ): Promise<GameTables> {
    const built = this.games[game]?.tables;
    if (built && (module === undefined || built.codeHash === codeHash)) return built;
    const served = await fetchTables(this.base, module!);
    if (built && !areAlike(built, served)) throw new JoinError("layout");
    return built ?? served;
  }

  private async takeSeat(): Promise<JoinAnswer> {
    if (!this.seat || performance.now() > this.seatEndsMs) {
      const askedMs = performance.now();
      this.seat = await this.ask();
      this.seatEndsMs = askedMs + this.seat.expiresMs;
    }
    return this.seat;
  }
}
