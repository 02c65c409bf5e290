// connect.ts - from a name to a seat: join API, game module, content, connection.
import type { GameModule } from "./game_module.ts";
import { type JoinRequest, fetchContent, join } from "./join.ts";
import { type OpenSocket, openWebSocket } from "./link.ts";
import { JoinError } from "./reason.ts";
import { Session } from "./session.ts";

export interface ConnectOptions extends JoinRequest {
  /** Where the server is; the page's own origin when absent. */
  readonly url?: string | URL;
  /** The games that this client can play, by name; loaded when a room turns out to play one. */
  readonly games: Readonly<Record<string, () => Promise<GameModule>>>;
  readonly openSocket?: OpenSocket;
}

/** Joins a room and says hello.  Resolves when the server has welcomed us; rejects with a
 * JoinError, whose word is the server's reason and whose message is a sentence for a person. */
export async function connect(options: ConnectOptions): Promise<Session> {
  const { url, games, openSocket, ...request } = options;
  const base = new URL(url ?? location.href);
  const answer = await join(base, request);
  const load = games[answer.game];
  if (!load) throw new JoinError("game_unknown", `this page cannot play ${answer.game}`);
  const [game, content] = await Promise.all([load(), fetchContent(base, answer.content)]);
  const session = new Session({ base, game, content, openSocket: openSocket ?? openWebSocket });
  await session.start(answer.ws, answer.ticket);
  return session;
}
