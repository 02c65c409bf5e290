import { afterEach, describe, expect, test, vi } from "vitest";

import { fetchContent, join, listGames, listRooms } from "../src/join.ts";

const base = new URL("http://host.invalid/play/?room=X");
const answer = {
  room: "K3V9QZ", game: "arena", ws: "ws://host.invalid/ws", ticket: "t", content: "/content/a-1",
};
const rows = { ...answer, expires_s: 10 };

function serve(status: number, body: string) {
  const fetched = vi.fn(async (_url: URL, _init: RequestInit) => new Response(body, { status }));
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

describe("join", () => {
  test("posts the request in the API's words", async () => {
    const fetched = serve(200, JSON.stringify(rows));
    const seat = await join(base, { name: "Ann", create: true, playersMax: 8 });
    expect(seat).toEqual({ ...answer, expiresMs: 10000 });
    const [url, init] = fetched.mock.calls[0]!;
    expect(url.href).toBe("http://host.invalid/api/join");
    expect(JSON.parse(init.body as string)).toEqual({ name: "Ann", create: true, players_max: 8 });
  });

  test("a refusal carries word and sentence", async () => {
    serve(409, JSON.stringify({ error: "room_full", message: "the room is full" }));
    await expect(join(base, { name: "A" })).rejects.toMatchObject({
      word: "room_full", message: "the room is full",
    });
  });

  test.each([
    ["a proxy's page", 404, "<html>", "internal"],
    ["a proxy's page without a server", 502, "<html>", "server_busy"],
    ["a word that is none", 400, '{"error":"no-such-word"}', "internal"],
    ["an answer without a ticket", 200, '{"room":"R"}', "malformed"],
  ])("%s is refused", async (_what, status, body, word) => {
    serve(status, body);
    await expect(join(base, { name: "A" })).rejects.toMatchObject({ word });
  });

  test("no server", async () => {
    vi.stubGlobal("fetch", vi.fn(async () => Promise.reject(new TypeError("refused"))));
    await expect(join(base, { name: "A" })).rejects.toMatchObject({ word: "peer_gone" });
  });
});

test("a game without content is one with an empty path", async () => {
  serve(200, JSON.stringify({ ...rows, content: "" }));
  expect((await join(base, { name: "A" })).content).toBe("");
});

test("games are listed with their options", async () => {
  const option = { name: "round_seconds", min: 20, max: 1800, default: 240 };
  const content = "/content/arena-1";
  const row = { game: "arena", content, players_min: 2, players_max: 32, options: [option] };
  serve(200, JSON.stringify({ games: [row] }));
  expect(await listGames(base)).toEqual([
    { game: "arena", content, playersMin: 2, playersMax: 32, options: [option] },
  ]);
});

test("rooms are listed", async () => {
  const options = { mode: 1, score: 30 };
  const row = { room: "R", game: "arena", players: 3, players_max: 16, locked: true, options };
  serve(200, JSON.stringify({ rooms: [row] }));
  const rest = { players: 3, bots: 0, playersMax: 16, state: "", locked: true, options };
  expect(await listRooms(base)).toEqual([{ room: "R", game: "arena", ...rest }]);
});

test("a list of several pages is read to its end, or until there are enough", async () => {
  const page = (room: string, next?: string) => {
    const rooms = [{ room, game: "arena", players: 0, players_max: 16 }];
    return new Response(JSON.stringify({ rooms, total: 3, next }));
  };
  const fetched = vi.fn(async (url: URL) => {
    const after = url.searchParams.get("after");
    if (after === null) return page("A", "one & two");
    return after === "one & two" ? page("B", "three") : page("C");
  });
  vi.stubGlobal("fetch", fetched);
  expect((await listRooms(base)).map(({ room }) => room)).toEqual(["A", "B", "C"]);
  expect((await listRooms(base, 2)).map(({ room }) => room)).toEqual(["A", "B"]);
  expect(fetched).toHaveBeenCalledTimes(5);
});

test("a game without content fetches none", async () => {
  const fetched = serve(200, "");
  expect(await fetchContent(base, "")).toHaveLength(0);
  expect(fetched).not.toHaveBeenCalled();
});
