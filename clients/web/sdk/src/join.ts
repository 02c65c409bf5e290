// join.ts - the join API (SESSION.md): JSON over HTTP on the server's own port.
import { JoinError, isReason } from "./reason.ts";
import type { GameTables } from "./tables.ts";

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
  /** How long the ticket is good. */
  readonly expiresMs: number;
  /** Path of the game's content, empty for a game without. */
  readonly content: string;
  /** Path of the game's code for pages, undefined when the server has none. */
  readonly module: string | undefined;
}

export interface RoomInfo {
  readonly room: string;
  readonly game: string;
  readonly players: number;
  readonly bots: number;
  readonly playersMax: number;
  readonly state: string;
  readonly locked: boolean;
  /** What it was made with, by name. */
  readonly options: Readonly<Record<string, number>>;
}

export interface GameOption {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

export interface GameInfo {
  readonly game: string;
  /** Path of its content, empty for a game without: see Client.content(). */
  readonly content: string;
  readonly playersMin: number;
  readonly playersMax: number;
  /** What a new room may be told. */
  readonly options: readonly GameOption[];
}

const ROOMS_ENOUGH = 1000;

/** Of a proxy whose server is away or has too much to do. */
const BUSY_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Whether it is worth asking again in a moment. */
export function isBusy({ status }: Response): boolean {
  return BUSY_STATUSES.has(status);
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

/** The public rooms, page by page until there are `enough`; rejects as join() does. */
export async function listRooms(base: URL, enough = ROOMS_ENOUGH): Promise<RoomInfo[]> {
  const rooms: RoomInfo[] = [];
  const url = new URL("/api/rooms", base);
  for (let next: unknown = ""; typeof next === "string" && rooms.length < enough; ) {
    if (next !== "") url.searchParams.set("after", next);
    const page = await request(url, {});
    const rows = list(page, "rooms").map(readRoom);
    rooms.push(...rows);
    next = rows.length > 0 ? field(page, "next") : undefined;
  }
  return rooms.slice(0, enough);
}

/** The server's games, the one that it chooses by itself first; rejects as join() does. */
export async function listGames(base: URL): Promise<GameInfo[]> {
  return list(await request(new URL("/api/games", base), {}), "games").map(readGame);
}

/** The source of a game's content, such as its map, empty for a game without; rejects as join()
 * does. */
export async function fetchContent(base: URL, path: string): Promise<Uint8Array> {
  if (path === "") return new Uint8Array();
  const response = await reach(new URL(path, base), {});
  if (!response.ok) throw new JoinError("internal", "the game's map could not be loaded");
  return new Uint8Array(await response.arrayBuffer());
}

/** The tables of a game by the path of its module; rejects as join() does. */
export async function fetchTables(base: URL, module: string): Promise<GameTables> {
  const tables = await request(new URL(module.replace(/\.wasm$/, ".json"), base), {});
  for (const name of ["kinds", "events", "commands"]) list(tables, name);
  return tables as GameTables;
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
    expiresMs: Number(field(answer, "expires_s") ?? 0) * 1000,
    content: text(answer, "content"),
    module: moduleOf(answer),
  };
}

function moduleOf(answer: unknown): string | undefined {
  const path = field(answer, "module");
  return typeof path === "string" ? path : undefined;
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
  throw refusal(response, field(answer, "error"), field(answer, "message"));
}

function refusal(response: Response, word: unknown, sentence: unknown): JoinError {
  const { status, headers } = response;
  const afterMs = Math.max(0, Number(headers.get("Retry-After")) || 0) * 1000;
  const words = typeof sentence === "string" ? sentence : undefined;
  if (typeof word === "string" && isReason(word)) return new JoinError(word, words, afterMs);
  if (isBusy(response)) return new JoinError("server_busy", undefined, afterMs);
  return new JoinError("internal", `the server answered ${status}`);
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

function list(answer: unknown, name: string): unknown[] {
  const rows = field(answer, name);
  if (!Array.isArray(rows)) throw new JoinError("malformed", `the answer has no ${name}`);
  return rows;
}

function readOption(option: unknown): GameOption {
  const number = (name: string) => Number(field(option, name) ?? 0);
  const [min, max, usual] = [number("min"), number("max"), number("default")];
  return { name: text(option, "name"), min, max, default: usual };
}

function readGame(game: unknown): GameInfo {
  return {
    game: text(game, "game"),
    content: text(game, "content"),
    playersMin: Number(field(game, "players_min") ?? 1),
    playersMax: Number(field(game, "players_max") ?? 1),
    options: list(game, "options").map(readOption),
  };
}

function readOptions(options: unknown): Record<string, number> {
  const rows = Object.entries(options ?? {});
  return Object.fromEntries(rows.map(([name, value]) => [name, Number(value)]));
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
    options: readOptions(field(room, "options")),
  };
}
