// join.ts - the join API (SESSION.md): JSON over HTTP on the server's own port.
import { JoinError, isReason } from "./reason.ts";

export interface JoinRequest {
  readonly name: string;
  readonly game?: string;
  /** That room, by its code. */
  readonly room?: string;
  /** A new room. */
  readonly create?: boolean;
  readonly public?: boolean;
  readonly password?: string;
  readonly options?: Readonly<Record<string, number>>;
  readonly playersMax?: number;
  readonly spectate?: boolean;
}

export interface JoinAnswer {
  readonly room: string;
  readonly game: string;
  readonly ws: string;
  readonly ticket: string;
  readonly content: string;
}

export interface RoomInfo {
  readonly room: string;
  readonly game: string;
  readonly players: number;
  readonly bots: number;
  readonly playersMax: number;
  readonly state: string;
  readonly locked: boolean;
}

/** Asks for a seat.  Rejects with a JoinError: the server's word, or "peer_gone" when no server
 * answers. */
export async function join(base: URL, request: JoinRequest): Promise<JoinAnswer> {
  const { playersMax, ...rest } = request;
  return post(base, playersMax === undefined ? rest : { ...rest, players_max: playersMax });
}

/** Asks for a fresh address and ticket for the seat of a resume ticket; rejects as join() does. */
export async function rejoin(base: URL, resume: string): Promise<JoinAnswer> {
  return post(base, { resume });
}

/** The public rooms; rejects as join() does. */
export async function listRooms(base: URL): Promise<RoomInfo[]> {
  const answer = await request(new URL("/api/rooms", base), {});
  const rooms = field(answer, "rooms");
  if (!Array.isArray(rooms)) throw new JoinError("malformed");
  return rooms.map(readRoom);
}

/** The source of a game's content, such as its map, empty for a game without; rejects as join()
 * does. */
export async function fetchContent(base: URL, path: string): Promise<Uint8Array> {
  if (path === "") return new Uint8Array();
  const response = await reach(new URL(path, base), {});
  if (!response.ok) throw new JoinError("internal", "the game's map could not be loaded");
  return new Uint8Array(await response.arrayBuffer());
}

async function post(base: URL, body: object): Promise<JoinAnswer> {
  const answer = await request(new URL("/api/join", base), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return {
    room: text(answer, "room"),
    game: text(answer, "game"),
    ws: text(answer, "ws"),
    ticket: text(answer, "ticket"),
    content: text(answer, "content"),
  };
}

async function reach(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    throw new JoinError("peer_gone", "the server does not answer"); // fetch says no more than this
  }
}

async function request(url: URL, init: RequestInit): Promise<unknown> {
  const response = await reach(url, init);
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const word = field(answer, "error");
  const sentence = field(answer, "message");
  if (typeof word === "string" && isReason(word)) {
    throw new JoinError(word, typeof sentence === "string" ? sentence : undefined);
  }
  throw new JoinError("internal", `the server answered ${response.status}`);
}

function field(answer: unknown, name: string): unknown {
  if (typeof answer !== "object" || answer === null) return undefined;
  return (answer as Record<string, unknown>)[name];
}

function text(answer: unknown, name: string): string {
  const value = field(answer, name);
  if (typeof value !== "string") throw new JoinError("malformed", `the answer has no ${name}`);
  return value;
}

function readRoom(room: unknown): RoomInfo {
  const number = (name: string) => Number(field(room, name) ?? 0);
  return {
    room: text(room, "room"),
    game: text(room, "game"),
    players: number("players"),
    bots: number("bots"),
    playersMax: number("players_max"),
    state: String(field(room, "state") ?? ""),
    locked: field(room, "locked") === true,
  };
}
