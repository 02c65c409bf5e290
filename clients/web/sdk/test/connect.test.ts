import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { type Waiting, connect } from "../src/connect.ts";
import type { JoinError } from "../src/reason.ts";
import type { Session } from "../src/session.ts";
import { FakeGame, FakeSocket, fakeTables, goodbyeBytes, welcomeBytes } from "../testing/index.ts";

const granted = {
  room: "K3V9QZ", game: "fake", ws: "ws://host.invalid/ws", ticket: "t-1", content: "",
  expires_s: 10,
};

type Answer = () => Promise<Response>;
const grants: Answer = async () => new Response(JSON.stringify(granted));
const fails: Answer = async () => Promise.reject(new TypeError("no server"));
function refuses(status: number, word: string, headers: Record<string, string> = {}): Answer {
  const body = JSON.stringify({ error: word, message: "a sentence" });
  return async () => new Response(body, { status, headers });
}

/** A server that answers one thing after the other, the last for ever. */
class Attempt {
  readonly sockets: FakeSocket[] = [];
  readonly waits: Waiting[] = [];
  readonly fetched;
  session: Session | undefined;
  error: JoinError | undefined;

  constructor(...answers: Answer[]) {
    const next = () => (answers.length > 1 ? answers.shift()! : answers[0]!);
    this.fetched = vi.fn(async (_url: URL) => next()());
    vi.stubGlobal("fetch", this.fetched);
    connect({
      url: "http://host.invalid/", name: "Ann",
      games: { fake: { tables: fakeTables, load: async () => new FakeGame() } },
      openSocket: (url) => this.sockets[this.sockets.push(new FakeSocket(url)) - 1]!,
      onWaiting: (waiting) => this.waits.push(waiting),
    }).then((session) => (this.session = session), (error) => (this.error = error));
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  async pass(ms: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("an input rate reaches the core, and not the join API", async () => {
  const [socket, game] = [new FakeSocket("ws://host.invalid/ws"), new FakeGame()];
  const fetched = vi.fn(async (_url: URL, _init: RequestInit) => grants());
  vi.stubGlobal("fetch", fetched);
  const joined = connect({
    url: "http://host.invalid/", name: "Ann", inputRate: 20, openSocket: () => socket,
    games: { fake: { tables: fakeTables, load: async () => game } },
  });
  await vi.advanceTimersByTimeAsync(0);
  socket.accept();
  socket.deliver(welcomeBytes());
  (await joined).leave();
  expect(game.views[0]!.started!.inputRate).toBe(20);
  expect(JSON.parse(fetched.mock.calls[0]![1].body as string)).toEqual({ name: "Ann" });
});

describe("a join that was refused for now", () => {
  test.each([
    ["no server", fails, "peer_gone"],
    ["a busy server", refuses(503, "server_busy"), "server_busy"],
    ["too many joins", refuses(429, "join_rate"), "join_rate"],
    ["a busy proxy", async () => new Response("<html>", { status: 503 }), "server_busy"],
  ])("%s is tried again, with a word meanwhile", async (_what, answer, word) => {
    const attempt = new Attempt(answer, grants);
    await attempt.pass(0);
    expect(attempt.waits).toMatchObject([{ attempt: 1, retryMs: 250, reason: { word } }]);
    expect(attempt.fetched).toHaveBeenCalledTimes(1);
    await attempt.pass(250);
    attempt.socket.accept();
    attempt.socket.deliver(welcomeBytes());
    await attempt.pass(0);
    expect(attempt.session?.state).toBe("playing");
    attempt.session?.leave();
  });

  test("the waits double, and end after half a minute with the last reason", async () => {
    const attempt = new Attempt(refuses(503, "server_busy"));
    await attempt.pass(40000);
    expect(attempt.waits.map(({ retryMs }) => retryMs).slice(0, 6)).toEqual(
      [250, 500, 1000, 2000, 4000, 4000], // half of each bound
    );
    expect(attempt.waits.reduce((sum, { retryMs }) => sum + retryMs, 0)).toBeLessThanOrEqual(30000);
    expect(attempt.error?.word).toBe("server_busy");
  });

  test("the server's Retry-After is kept", async () => {
    const attempt = new Attempt(refuses(429, "join_rate", { "Retry-After": "3" }), grants);
    await attempt.pass(2900);
    expect(attempt.fetched).toHaveBeenCalledTimes(1);
    await attempt.pass(200);
    expect(attempt.fetched).toHaveBeenCalledTimes(2);
  });
});

describe("the game's code", () => {
  const offers: Answer = async () => {
    return new Response(JSON.stringify({ ...granted, module: "/module/fake-01.wasm" }));
  };
  const answers = (status: number): Answer => async () => new Response("no wasm", { status });

  test("comes from the server, and is asked for again while that is busy", async () => {
    const attempt = new Attempt(offers, answers(503), answers(404));
    await attempt.pass(0);
    expect(attempt.fetched.mock.calls[1]![0].pathname).toBe("/module/fake-01.wasm");
    expect(attempt.waits).toMatchObject([{ reason: { word: "server_busy" } }]);
    await attempt.pass(250);
    expect(attempt.error).toMatchObject({
      word: "internal", sentence: expect.stringContaining("could not be loaded"),
    });
    expect(attempt.fetched).toHaveBeenCalledTimes(3);
  });

  test("that cannot be read ends it in words", async () => {
    const attempt = new Attempt(offers, answers(200));
    vi.useRealTimers();
    await vi.waitFor(() => expect(attempt.error?.sentence).toContain("damaged"));
  });

  test("that neither has cannot be played", async () => {
    const other = JSON.stringify({ ...granted, game: "go" });
    const attempt = new Attempt(async () => new Response(other));
    await attempt.pass(0);
    expect(attempt.error?.word).toBe("game_unknown");
  });
});

test.each(["room_full", "room_password", "server_full", "name_bad", "server_stopping"])(
  "%s is final at once",
  async (word) => {
    const attempt = new Attempt(refuses(409, word));
    await attempt.pass(20000);
    expect(attempt.error?.word).toBe(word);
    expect(attempt.fetched).toHaveBeenCalledTimes(1);
    expect(attempt.waits).toEqual([]);
  },
);

describe("a connection that was refused", () => {
  test("is tried again with the ticket that was never shown", async () => {
    const attempt = new Attempt(grants);
    await attempt.pass(0);
    attempt.socket.drop();
    await attempt.pass(300);
    expect(attempt.sockets).toHaveLength(2);
    expect(attempt.fetched).toHaveBeenCalledTimes(1);
    attempt.socket.drop();
    await attempt.pass(10000);
    attempt.socket.drop();
    await attempt.pass(10000);
    expect(attempt.fetched.mock.calls.length).toBeGreaterThan(1); // the first ticket is too old
  });

  test("asks for a fresh one when it was shown", async () => {
    const attempt = new Attempt(grants);
    await attempt.pass(0);
    attempt.socket.accept();
    attempt.socket.deliver(goodbyeBytes(46, "server_busy"));
    attempt.socket.drop();
    await attempt.pass(300);
    expect(attempt.waits).toMatchObject([{ reason: { word: "server_busy" } }]);
    expect(attempt.fetched).toHaveBeenCalledTimes(2);
  });

  test("with a word that does not pass is final", async () => {
    const attempt = new Attempt(grants);
    await attempt.pass(0);
    attempt.socket.accept();
    attempt.socket.deliver(goodbyeBytes(33, "room_full"));
    attempt.socket.drop();
    await attempt.pass(20000);
    expect(attempt.error?.word).toBe("room_full");
    expect(attempt.sockets).toHaveLength(1);
  });
});
