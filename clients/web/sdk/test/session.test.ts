import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import * as fb from "../generated/skirmish_generated.ts";
import type { JoinError, Reason } from "../src/reason.ts";
import { type Reconnecting, Session } from "../src/session.ts";
import {
  FakeGame, FakeSocket, answerBytes, fakeTables, goodbyeBytes, probedBytes, rosterBytes,
  resumeBytes, snapshotBytes, welcomeBytes,
} from "../testing/index.ts";

class World {
  readonly sockets: FakeSocket[] = [];
  readonly game = new FakeGame();
  readonly session: Session;
  readonly reconnects: Reconnecting[] = [];
  closed: Reason | undefined;
  refused: JoinError | undefined;

  constructor() {
    const openSocket = (url: string) => {
      this.sockets.push(new FakeSocket(url));
      return this.socket;
    };
    const base = new URL("http://host.invalid/");
    this.session = new Session({
      base, game: this.game, tables: fakeTables, content: new Uint8Array(), openSocket,
    });
    this.session.on("reconnecting", (event) => this.reconnects.push(event));
    this.session.on("closed", (reason) => (this.closed = reason));
    this.session.start("ws://host.invalid/ws", "ticket-1").catch((error) => (this.refused = error));
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  get view() {
    return this.game.views.at(-1)!;
  }

  async welcome(changes: Parameters<typeof welcomeBytes>[0] = {}): Promise<void> {
    this.socket.accept();
    await vi.advanceTimersByTimeAsync(20);
    this.socket.deliver(welcomeBytes(changes));
  }

  hello(): string | null {
    const hello = this.socket.ofType(fb.ClientBody.Hello)[0];
    return hello ? hello.body(new fb.Hello()).ticket() : null;
  }
}

let world: World;
beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  world = new World();
});
afterEach(() => {
  world.session.leave();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("joining", () => {
  test("says hello with the ticket and plays from Welcome on", async () => {
    await world.welcome();
    expect(world.hello()).toBe("ticket-1");
    const hello: fb.Hello = world.socket.ofType(fb.ClientBody.Hello)[0]!.body(new fb.Hello());
    expect(hello.codeHash()).toBe(world.game.codeHash);
    expect(world.session.state).toBe("playing");
  });

  test("a refusal rejects with the server's word", async () => {
    world.socket.accept();
    world.socket.deliver(goodbyeBytes(33, "room_full"));
    world.socket.drop();
    await vi.advanceTimersByTimeAsync(0);
    expect(world.refused?.word).toBe("room_full");
    expect(world.refused?.message).toBe("the room is full");
    expect(world.reconnects).toHaveLength(0);
  });

  test("another layout ends it", async () => {
    await world.welcome({ layoutHash: 1n });
    await vi.advanceTimersByTimeAsync(0);
    expect(world.refused?.word).toBe("layout");
    expect(world.socket.closed).toBe(true);
  });

  test("a server that never welcomes is given up", async () => {
    world.socket.accept();
    await vi.advanceTimersByTimeAsync(6000);
    expect(world.refused?.word).toBe("peer_gone");
  });
});

describe("inputs", () => {
  test("go out at the tick rate, each tick once, ahead of the server", async () => {
    await world.welcome();
    for (let i = 1; i <= 20; i++) {
      await vi.advanceTimersByTimeAsync(50);
      world.socket.deliver(snapshotBytes(1000 + 3 * i));
    }
    const messages = world.socket.inputs();
    const count = messages.reduce((sum, inputs) => sum + inputs.inputsLength(), 0);
    const [first, last] = [messages[0]!, messages.at(-1)!];
    expect(count).toBeGreaterThanOrEqual(58);
    expect(count).toBeLessThanOrEqual(62);
    expect(first.tick()).toBeGreaterThan(1000);
    expect(last.tick() - first.tick()).toBe(count - first.inputsLength());
    expect(last.ack()).toBeGreaterThanOrEqual(1057);
  });

  test("never queue: a busy socket gets the last ones in one message when it is free", async () => {
    await world.welcome();
    await vi.advanceTimersByTimeAsync(100);
    const before = world.socket.sent.length;
    world.socket.bufferedAmount = 1;
    await vi.advanceTimersByTimeAsync(1000);
    expect(world.socket.sent).toHaveLength(before);
    world.socket.bufferedAmount = 0;
    await vi.advanceTimersByTimeAsync(17);
    const waited = world.socket.sent[before]!.body(new fb.Inputs()) as fb.Inputs;
    expect(waited.inputsLength()).toBe(16);
  });

  test("are sampled in the frame; a timer does it only while none comes", async () => {
    await world.welcome();
    const { controller } = world.session;
    controller.buttons = 1;
    for (let i = 0; i < 30; i++) {
      await vi.advanceTimersByTimeAsync(20);
      controller.buttons = 2;
      world.session.frame();
      controller.buttons = 1; // what a timer would see
    }
    const buttons = () => world.socket.inputs().map((inputs) => inputs.inputs(0)!.buttons());
    expect(new Set(buttons().slice(2))).toEqual(new Set([2]));
    await vi.advanceTimersByTimeAsync(1000);
    expect(buttons().at(-1)).toBe(1);
  });

  test("a tap between two frames is in the next one, also when no tick is due in it", async () => {
    await world.welcome();
    world.session.frame();
    world.session.frame();
    world.session.controller.press(4);
    world.session.frame(); // no time has passed since the one before
    await vi.advanceTimersByTimeAsync(40);
    world.session.frame();
    await vi.advanceTimersByTimeAsync(40);
    world.session.frame();
    const taps = world.socket.inputs().flatMap((inputs) =>
      Array.from({ length: inputs.inputsLength() }, (_, i) => inputs.inputs(i)!.buttons()));
    expect(taps.filter((buttons) => buttons === 4)).toHaveLength(1);
  });

  test("a hidden page sends acks alone", async () => {
    await world.welcome();
    world.session.frame();
    world.socket.deliver(snapshotBytes(1003));
    vi.stubGlobal("document", { visibilityState: "hidden" });
    const before = world.socket.inputs().length;
    for (let i = 1; i <= 20; i++) {
      await vi.advanceTimersByTimeAsync(50);
      world.socket.deliver(snapshotBytes(1003 + 3 * i));
    }
    expect(world.socket.inputs()).toHaveLength(before);
    const acks = world.socket.ofType(fb.ClientBody.Ack);
    expect(acks.length).toBeGreaterThanOrEqual(8);
    expect(acks.at(-1)!.body(new fb.Ack()).ack()).toBeGreaterThan(1050);
    vi.stubGlobal("document", { visibilityState: "visible" });
    world.session.frame();
    expect(world.socket.inputs()).toHaveLength(before + 1);
  });

  test("a spectator acks at 10 Hz instead", async () => {
    await world.welcome({ player: 0xffff });
    world.socket.deliver(snapshotBytes(1003));
    await vi.advanceTimersByTimeAsync(1000);
    expect(world.socket.inputs()).toHaveLength(0);
    const acks = world.socket.ofType(fb.ClientBody.Ack);
    expect(acks.length).toBeGreaterThanOrEqual(8);
    expect(acks.length).toBeLessThanOrEqual(11);
    expect(acks.at(-1)!.body(new fb.Ack()).ack()).toBe(1003);
  });
});

describe("snapshots", () => {
  test("a missing baseline asks for a keyframe, not at every snapshot", async () => {
    await world.welcome();
    world.view.answer = "mismatch";
    for (let i = 0; i < 6; i++) world.socket.deliver(snapshotBytes(1003 + i));
    expect(world.socket.ofType(fb.ClientBody.KeyframeRequest)).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(600);
    world.socket.deliver(snapshotBytes(1010));
    expect(world.socket.ofType(fb.ClientBody.KeyframeRequest)).toHaveLength(2);
  });

  test("events are shown when drawing time passes them", async () => {
    await world.welcome();
    const shown: number[] = [];
    world.session.on("event", (event) => shown.push(event.tick));
    world.view.events.push({
      told: "happened", type: 0, tick: 1003, number: undefined, values: new Float64Array(),
    });
    world.socket.deliver(snapshotBytes(1003));
    world.session.frame();
    expect(shown).toEqual([]);
    await vi.advanceTimersByTimeAsync(60);
    world.session.frame();
    expect(shown).toEqual([]);
    await vi.advanceTimersByTimeAsync(40);
    world.session.frame();
    expect(shown).toEqual([1003]);
  });

  test("what was predicted is shown once, and then told of", async () => {
    await world.welcome();
    const heard: string[] = [];
    world.session.on("event", ({ told }) => heard.push(`event ${told}`));
    world.session.on("confirmed", ({ tick }) => heard.push(`confirmed ${tick}`));
    world.session.on("undone", ({ tick }) => heard.push(`undone ${tick}`));
    for (const told of ["predicted", "confirmed", "undone"] as const) {
      world.view.events.push({ told, type: 0, tick: 1, number: 0, values: new Float64Array() });
    }
    world.socket.deliver(snapshotBytes(1003));
    world.session.frame();
    expect(heard).toEqual(["event predicted", "confirmed 1", "undone 1"]);
  });

  test("what goes wrong with prediction is told once", async () => {
    await world.welcome();
    const heard: string[] = [];
    world.session.on("trouble", ({ what, words }) => heard.push(`${what}: ${words}`));
    const place = { tick: 1003, kind: 1, slot: 2, row: 3 };
    const trouble = { what: "diverged" as const, words: "x", place };
    world.view.troubles.push(trouble, { ...trouble, words: "z" });
    world.view.troubles.push({ what: "unpredicted", words: "y" });
    world.socket.deliver(snapshotBytes(1003));
    world.session.frame();
    expect(heard).toEqual(["diverged: x", "diverged: z", "unpredicted: y"]);
    expect(world.socket.ofType(fb.ClientBody.Diverged)).toHaveLength(1);
  });

  test("the roster follows what changed", async () => {
    await world.welcome();
    const seat = { player: 4, state: "here" as const, bot: false, name: "Ann" };
    world.socket.deliver(rosterBytes([seat]));
    expect(world.session.roster.get(4)?.name).toBe("Ann");
    world.socket.deliver(rosterBytes([{ ...seat, state: "empty" }]));
    expect(world.session.roster.size).toBe(0);
  });
});

describe("coming back", () => {
  test("at once, with the newest resume ticket, to a new view", async () => {
    await world.welcome();
    world.socket.deliver(resumeBytes("resume-2"));
    world.socket.drop();
    expect(world.session.state).toBe("reconnecting");
    expect(world.reconnects[0]).toMatchObject({ attempt: 1, retryMs: 0, seatMs: 30000 });
    expect(world.reconnects[0]!.reason.word).toBe("peer_gone");
    await vi.advanceTimersByTimeAsync(0);
    expect(world.sockets).toHaveLength(2);
    await world.welcome({ resumed: true });
    expect(world.hello()).toBe("resume-2");
    expect(world.session.state).toBe("playing");
    expect(world.game.views).toHaveLength(2);
  });

  test("what was seen last is drawn until then", async () => {
    await world.welcome();
    world.socket.deliver(snapshotBytes(1003));
    world.socket.drop();
    const drawn: number[] = [];
    world.session.frame();
    world.session.draw((kind) => drawn.push(kind));
    expect(drawn).toEqual([0]);
    expect(world.session.silentMs).toBe(0);
  });

  test.each([
    "kicked", "displaced", "room_closed", "room_failed", "room_unknown", "seat_gone", "version",
    "layout", "ticket_malformed", "ticket_forged", "ticket_expired", "ticket_used",
  ])(
    "%s is not retried",
    async (word) => {
      await world.welcome();
      world.socket.drop(word);
      expect(world.closed?.word).toBe(word);
      await vi.advanceTimersByTimeAsync(20000);
      expect(world.sockets).toHaveLength(1);
    },
  );

  test("from the third try on the join API is asked first", async () => {
    const answer = {
      room: "R", game: "fake", ws: "ws://other.invalid/ws", ticket: "fresh", content: "/c",
    };
    const fetched = vi.fn(async () => new Response(JSON.stringify(answer)));
    vi.stubGlobal("fetch", fetched);
    await world.welcome();
    for (let tries = 0; tries < 3; tries++) {
      world.socket.drop();
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(world.socket.url).toBe("ws://other.invalid/ws");
    await world.welcome();
    expect(world.hello()).toBe("fresh");
  });

  test("a server that finds fault each time is left after a few, with its word", async () => {
    const answer = { room: "R", game: "g", ws: "ws://host.invalid/ws", ticket: "t", content: "" };
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify(answer)));
    await world.welcome();
    for (let drops = 1; drops < 4; drops++) {
      world.socket.deliver(goodbyeBytes(18, "rate_limit"));
      world.socket.drop();
      await vi.advanceTimersByTimeAsync(1000);
      expect(world.sockets).toHaveLength(1 + drops);
      await world.welcome({ resumed: true });
    }
    world.socket.drop("rate_limit");
    expect(world.closed).toEqual({ word: "rate_limit", sentence: "too many messages" });
    expect(world.reconnects.map(({ retryMs }) => retryMs)).toEqual([0, 250, 500]);
  });

  test("when the seat's time is up it ends", async () => {
    vi.stubGlobal("fetch", vi.fn(async () => Promise.reject(new TypeError("no server"))));
    await world.welcome({ seatSeconds: 3 });
    for (let tries = 0; tries < 2; tries++) {
      world.socket.drop();
      await vi.advanceTimersByTimeAsync(400);
    }
    world.socket.drop();
    await vi.advanceTimersByTimeAsync(10000);
    expect(world.closed?.word).toBe("seat_gone");
  });

  test("a server that falls silent is a lost one", async () => {
    await world.welcome();
    await vi.advanceTimersByTimeAsync(5200);
    expect(world.reconnects[0]?.reason.word).toBe("peer_gone");
  });

  test("a page that slept hears what waits before it judges silence", async () => {
    await world.welcome();
    world.socket.deliver(snapshotBytes(1003));
    vi.setSystemTime(Date.now() + 8000); // no timer runs meanwhile
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + 8000);
    await vi.advanceTimersByTimeAsync(300);
    expect(world.session.silentMs).toBe(0);
    world.socket.deliver(snapshotBytes(1480));
    expect(world.session.state).toBe("playing");
    expect(world.reconnects).toHaveLength(0);
  });

  test("events told before a drop are not told again", async () => {
    await world.welcome();
    world.socket.deliver(snapshotBytes(1003));
    await vi.advanceTimersByTimeAsync(200);
    world.session.frame();
    world.socket.drop();
    await vi.advanceTimersByTimeAsync(0);
    await world.welcome({ resumed: true });
    expect(world.view.started!.toldTick).toBeGreaterThan(1003);
    world.socket.drop();
    await vi.advanceTimersByTimeAsync(0);
    await world.welcome({ resumed: false });
    expect(world.view.started!.toldTick).toBe(0);
  });

  test("leaving tells the server and is the end", async () => {
    await world.welcome();
    world.session.leave();
    expect(world.socket.ofType(fb.ClientBody.Leave)).toHaveLength(1);
    expect(world.closed?.word).toBe("left");
  });
});

describe("commands", () => {
  const bytes = Uint8Array.of(7);
  const sent = () => world.socket.ofType(fb.ClientBody.Command).map((message) => {
    const command: fb.Command = message.body(new fb.Command());
    return [command.number(), command.type(), command.wantsAnswer(), command.bytes(0)];
  });

  test("a request goes out with its number and resolves with the game's answer", async () => {
    await world.welcome();
    const answer = world.session.request(3, bytes);
    expect(sent()).toEqual([[1, 3, true, 7]]);
    world.socket.deliver(answerBytes(1, false, "yes"));
    expect(new TextDecoder().decode(await answer)).toBe("yes");
    await vi.advanceTimersByTimeAsync(200);
    expect(world.socket.inputs().at(-1)!.answered()).toBe(1);
  });

  test("one that the game refuses rejects in the game's words", async () => {
    await world.welcome();
    const answer = world.session.request(3, bytes);
    world.socket.deliver(answerBytes(1, true, "no such colour"));
    await expect(answer).rejects.toMatchObject({ word: "refused", message: "no such colour" });
  });

  test("one that nobody answers rejects in time", async () => {
    await world.welcome();
    const answer = world.session.request(3, bytes, { timeoutMs: 300 });
    const rejected = expect(answer).rejects.toMatchObject({ word: "timeout" });
    await vi.advanceTimersByTimeAsync(300);
    await rejected;
  });

  test("what the server has not heard of goes out again after a drop, the rest not", async () => {
    await world.welcome();
    world.session.command(1, bytes);
    const answer = world.session.request(2, bytes);
    expect(sent()).toHaveLength(2);
    world.socket.drop();
    await vi.advanceTimersByTimeAsync(1);
    await world.welcome({ resumed: true, commandNumber: 1 });
    expect(sent()).toEqual([[2, 2, true, 7]]);
    world.socket.deliver(answerBytes(2, false, ""));
    expect(await answer).toHaveLength(0);
  });

  test("one made while the connection is lost waits for the next", async () => {
    await world.welcome();
    world.socket.drop();
    const answer = world.session.request(2, bytes);
    await vi.advanceTimersByTimeAsync(1);
    await world.welcome({ resumed: true });
    expect(sent()).toEqual([[1, 2, true, 7]]);
    world.socket.deliver(answerBytes(1, false, ""));
    world.socket.deliver(answerBytes(1, false, "")); // again
    await answer;
  });

  test("a refused one without a promise is told", async () => {
    const words: string[] = [];
    world.session.on("refused", (told) => words.push(told));
    await world.welcome();
    world.session.command(1, bytes);
    world.socket.deliver(answerBytes(1, true, "not now"));
    expect(words).toEqual(["not now"]);
  });

  test("the end rejects what waits", async () => {
    await world.welcome();
    const answer = world.session.request(2, bytes);
    world.session.leave();
    await expect(answer).rejects.toMatchObject({ word: "left" });
    await expect(world.session.request(2, bytes)).rejects.toMatchObject({ word: "busy" });
  });
});

describe("a probe", () => {
  const sent = () => world.socket.ofType(fb.ClientBody.Probe).length;

  test("goes out once a second and brings the server's figures", async () => {
    await world.welcome();
    const [one, two] = [world.session.probe(), world.session.probe()];
    expect(sent()).toBe(1);
    world.socket.deliver(probedBytes());
    expect(await one).toMatchObject({ tick: 1, stepUsP99: 3, lateUsP50: 4, viewsClamped: 11 });
    expect(await two).toBe(await one);
    await vi.advanceTimersByTimeAsync(1000);
    void world.session.probe();
    expect(sent()).toBe(2);
  });

  test("that the connection does not outlive has no answer", async () => {
    await world.welcome();
    const probed = world.session.probe();
    world.socket.drop();
    expect(await probed).toBeUndefined();
    expect(await world.session.probe()).toBeUndefined();
  });
});
