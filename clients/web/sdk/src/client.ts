// client.ts - the way into rooms.
import { type Games, type Waiting, connect } from "./connect.ts";
import {
  type GameInfo, type JoinRequest, type RoomInfo, fetchContent, listGames, listRooms,
} from "./join.ts";
import { type OpenSocket, openWebSocket } from "./link.ts";
import { Room } from "./room.ts";
import type { Session } from "./session.ts";

export type { Game, Games } from "./connect.ts";

export interface ClientConfig<Offered extends Games = Games> {
  /** By name. */
  readonly games: Offered;
  /** Where the server is; the page's own origin when absent. */
  readonly url?: string | URL;
  /** How a connection is opened; a WebSocket when absent. */
  readonly openSocket?: OpenSocket;
  /** For who writes a game: watches its predict() for what it must not write, which costs a look at
   * the whole world a tick.  What it is caught at, room.prediction.onTrouble() tells. */
  readonly guards?: boolean;
}

export interface JoinOptions extends Omit<JoinRequest, "game" | "room" | "create"> {
  /** Told before each wait, when the network or a busy server refused us for now. */
  readonly onWaiting?: (waiting: Waiting) => void;
  /** Messages with inputs a second at most, for a narrow line: several ticks share one.  One
   * whenever an input is made when absent. */
  readonly inputRate?: number;
}

export type AnyRequest = JoinRequest & Pick<JoinOptions, "onWaiting" | "inputRate">;

type NameOf<Offered extends Games> = keyof Offered & string;
type RoomOf<Offered extends Games, Name extends NameOf<Offered>> = Room<Offered[Name]["tables"]>;

/** Each way in resolves when the server has welcomed us; what was refused for now is tried again
 * for half a minute.  They reject with a JoinError, whose word is the server's reason and whose
 * message is a sentence for a person. */
export class Client<Offered extends Games = Games> {
  private readonly config: ClientConfig<Offered>;
  private readonly base: URL;

  constructor(config: ClientConfig<Offered>) {
    this.config = config;
    this.base = new URL(config.url ?? location.href);
  }

  /** The fullest open room of that game, else a new one. */
  joinOrCreate<Name extends NameOf<Offered>>(
    game: Name, options: JoinOptions,
  ): Promise<RoomOf<Offered, Name>> {
    return this.enter({ ...options, game }) as Promise<RoomOf<Offered, Name>>;
  }

  /** A new room. */
  create<Name extends NameOf<Offered>>(
    game: Name, options: JoinOptions,
  ): Promise<RoomOf<Offered, Name>> {
    return this.enter({ ...options, game, create: true }) as Promise<RoomOf<Offered, Name>>;
  }

  /** That room, by its code. */
  join(code: string, options: JoinOptions): Promise<Room> {
    return this.enter({ ...options, room: code });
  }

  /** Our seat again, by the ticket that a room had. */
  async reconnect(ticket: string, options: Pick<JoinOptions, "inputRate"> = {}): Promise<Room> {
    const request = { ...options, name: "", resume: ticket };
    return this.roomOf(await connect({ ...this.settings(), ...request }));
  }

  /** Any of these ways, as the join API has it. */
  async enter(request: AnyRequest): Promise<Room> {
    return this.roomOf(await connect({ ...this.settings(), ...request }));
  }

  /** The public rooms, until there are `enough`. */
  listRooms(enough?: number): Promise<RoomInfo[]> {
    return listRooms(this.base, enough);
  }

  /** The server's games, the one that it chooses by itself first. */
  listGames(): Promise<GameInfo[]> {
    return listGames(this.base);
  }

  /** The source of a game's content, such as its maps: the same as a room's of it. */
  content({ content }: Pick<GameInfo, "content">): Promise<Uint8Array> {
    return fetchContent(this.base, content);
  }

  private settings() {
    const { games, openSocket = openWebSocket, guards = false } = this.config;
    return { url: this.base, games, openSocket, guards };
  }

  private roomOf(session: Session): Room {
    return new Room(session, session.tables);
  }
}
