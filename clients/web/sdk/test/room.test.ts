import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import * as fb from "../generated/skirmish_generated.ts";
import { Client } from "../src/client.ts";
import type { Room } from "../src/room.ts";
import type { Spawn } from "../src/spawns.ts";
import { SPECTATOR } from "../src/wire.ts";
import {
  FakeGame, FakeSocket, answerBytes, fakeTables as tables, goodbyeBytes, snapshotBytes,
  welcomeBytes,
} from "../testing/index.ts";

const ME = 2; // of welcomeBytes
const NOBODY = 0xffff;
const granted = {
  room: "K3V9QZ", game: "fake", ws: "ws://host.invalid/ws", ticket: "t-1", content: "",
  expires_s: 10,
};

/** A client, its sockets, and what it asked the join API for. */
class World {
  readonly sockets: FakeSocket[] = [];
  readonly game = new FakeGame();
  readonly asked: unknown[] = [];
  readonly client = new Client({
    games: { fake: { tables, load: async () => this.game } },
    url: "http://host.invalid/",
    openSocket: (url) => this.sockets[this.sockets.push(new FakeSocket(url)) - 1]!,
  });

  constructor() {
    vi.stubGlobal("fetch", async (_url: URL, { body }: RequestInit) => {
      this.asked.push(JSON.parse(body as string));
      return new Response(JSON.stringify(granted));
    });
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  get view() {
    return this.game.views.at(-1)!;
  }

  /** Sees a join through. */
  async welcome<Joined>(joining: Promise<Joined>): Promise<Joined> {
    await vi.advanceTimersByTimeAsync(0);
    this.socket.accept();
    this.socket.deliver(welcomeBytes());
    this.socket.deliver(snapshotBytes(1000));
    await vi.advanceTimersByTimeAsync(200);
    return joining;
  }
}

let world: World;
let room: Room<typeof tables>;
beforeEach(async () => {
  vi.useFakeTimers();
  world = new World();
  room = await world.welcome(world.client.joinOrCreate("fake", { name: "Ann" }));
});
afterEach(() => {
  room.leave();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the ways in", () => {
  test("a room, a new one, one by its code, our seat: each asks for what it is", async () => {
    await world.welcome(world.client.create("fake", { name: "Ann", public: false }));
    await world.welcome(world.client.join("K3V9QZ", { name: "Ann", password: "p" }));
    await world.welcome(world.client.reconnect(room.ticket));
    expect(world.asked).toEqual([
      { name: "Ann", game: "fake" },
      { name: "Ann", game: "fake", create: true, public: false },
      { name: "Ann", room: "K3V9QZ", password: "p" },
      { resume: "resume-1" },
    ]);
  });

  test("a room knows its code, our number and its game", () => {
    expect([room.code, room.me, room.connection]).toEqual(["K3V9QZ", ME, "playing"]);
    expect(room.as(tables)).toBe(room);
    expect(room.as({ ...tables, name: "other" })).toBeUndefined();
  });
});

describe("the state", () => {
  test("has each kind's entities with their rows by name", () => {
    world.view.entities = [
      { kind: 0, slot: 4, owner: 9, rows: [7, 3, 5] },
      { kind: 1, slot: 0, owner: NOBODY, rows: [90] },
    ];
    room.frame();
    expect([...room.state.thing]).toEqual([{ slot: 4, owner: 9, own: undefined, x: 7, score: 3 }]);
    expect(room.state.clock.at(0)).toMatchObject({ owner: undefined, left: 90 });
  });

  test("shows the exact rows of what is ours, and of nothing else", () => {
    world.view.entities = [
      { kind: 0, slot: 4, owner: ME, rows: [7, 3, 5] },
      { kind: 0, slot: 5, owner: 9, rows: [8, 2, 6] },
    ];
    room.frame();
    expect(room.state.thing.get(4)?.own).toEqual({ ammo: 5 });
    expect(room.state.thing.get(5)?.own).toBeUndefined();
  });

  test("keeps an entity's object, and forgets what is gone", () => {
    world.view.entities = [{ kind: 0, slot: 4, owner: 9, rows: [7, 3, 5] }];
    room.frame();
    const first = room.state.thing.get(4);
    world.view.entities = [{ kind: 0, slot: 4, owner: 9, rows: [8, 3, 5] }];
    room.frame();
    expect(room.state.thing.get(4)).toBe(first);
    expect(first?.x).toBe(8);
    world.view.entities = [];
    room.frame();
    expect([room.state.thing.count, room.state.thing.get(4)]).toEqual([0, undefined]);
  });
});

describe("messages", () => {
  const bang = {
    told: "happened" as const, type: 0, tick: 900, number: undefined, values: Float64Array.of(6),
  };

  test("come by name with their rows, and to who listens to all", () => {
    const heard: unknown[] = [];
    room.onMessage("bang", ({ player }) => heard.push(player));
    room.onMessage("*", (message, about) => heard.push({ ...message }, about));
    world.view.events.push(bang);
    room.frame();
    const about = { type: "bang", tick: 900, told: "happened", number: undefined };
    expect(heard).toEqual([6, { player: 6 }, about]);
  });

  test("come no more to who has unsubscribed", () => {
    const heard: unknown[] = [];
    const unsubscribe = room.onMessage("bang", ({ player }) => heard.push(player));
    unsubscribe();
    world.view.events.push(bang);
    room.frame();
    expect(heard).toEqual([]);
  });

  test("of our own doing are told once more, as the server has them", () => {
    const heard: unknown[] = [];
    const end = room.events.on("bang", {
      shown: (_, { told, number }) => heard.push([told, number]),
      confirmed: ({ player }, { number }) => heard.push(["confirmed", player, number]),
      undone: ({ player }, { number }) => heard.push(["undone", player, number]),
    });
    const tolds = [["predicted", 4], ["predicted", 5], ["confirmed", 5], ["undone", 4]] as const;
    world.view.events.push(...tolds.map(([told, number]) => ({ ...bang, told, number })));
    room.frame();
    expect(heard.splice(0)).toEqual(
      [["predicted", 4], ["predicted", 5], ["confirmed", 6, 5], ["undone", 6, 4]],
    );
    end();
    world.view.events.push(bang);
    room.frame();
    expect(heard).toEqual([]);
  });

  test("of a type that the game does not have are refused", () => {
    expect(() => room.onMessage("boom" as "bang", () => {})).toThrow("fake has no event boom");
  });
});

describe("spawns", () => {
  const spawn = { kind: 0, slot: 70, tick: 910, isBound: false, isWithdrawn: false };
  const entity = { kind: 0, slot: 70, owner: ME, rows: [7, 3, 5] };
  let heard: string[];

  beforeEach(() => {
    heard = [];
    const note = (when: string) => ({ slot }: Spawn) => heard.push(`${slot} ${when}`);
    room.spawns.on("thing", {
      appeared: note("appeared"), confirmed: note("confirmed"), undone: note("undone"),
      ended: note("ended"),
    });
    world.view.entities = [entity];
    world.view.spawns = [spawn];
    room.frame();
  });

  test("are there from the press on, beside their entity", () => {
    const one = { kind: "thing", slot: 70, tick: 910, isConfirmed: false };
    expect([...room.spawns]).toEqual([one]);
    expect(room.spawns.get("thing", 70)).toEqual(one);
    expect(room.spawns.get("clock", 70)).toBeUndefined();
    expect(heard).toEqual(["70 appeared"]);
  });

  test("are told once when the server has them, and when they have ended", () => {
    world.view.spawns = [{ ...spawn, isBound: true }];
    room.frame();
    room.frame();
    world.view.entities = [];
    world.view.spawns = [];
    room.frame();
    expect(heard).toEqual(["70 appeared", "70 confirmed", "70 ended"]);
    expect(room.spawns.count).toBe(0);
  });

  test("are undone when the server has none while they are drawn, or withdrew them", () => {
    world.view.spawns = [{ ...spawn, slot: 71, isWithdrawn: true }];
    room.frame();
    world.view.spawns = [];
    room.frame();
    expect(heard).toEqual(["70 appeared", "71 appeared", "70 undone", "71 undone"]);
  });

  test("that ended before the server's word just ended", () => {
    world.view.entities = [];
    room.frame();
    world.view.spawns = [];
    room.frame();
    expect(heard).toEqual(["70 appeared", "70 ended"]);
  });

  test("of a kind that the game does not have are refused", () => {
    expect(() => room.spawns.on("think" as "thing", {})).toThrow("fake has no kind think");
  });
});

describe("prediction", () => {
  test("says whether our own are ahead, by how much, and why not", () => {
    const states = () => [room.prediction.state, room.prediction.aheadTicks];
    expect(states()).toEqual(["waiting", 0]);
    world.view.predictedTick = 1012;
    expect(states()).toEqual(["on", 12]);
    world.view.isHeld = true;
    expect(states()).toEqual(["held", 12]);
  });

  test("that failed is off, with what went wrong", () => {
    const told: unknown[] = [];
    room.prediction.onTrouble((trouble) => told.push(trouble));
    const fault = { what: "unpredicted" as const, words: "thing 4, x" };
    world.view.troubles.push(fault);
    room.frame();
    const { state, trouble } = room.prediction;
    expect([state, trouble, told]).toEqual(["fault", fault, [fault]]);
  });

  test("of who only looks there is none", async () => {
    const watching = world.client.join("K3V9QZ", { name: "Ann", spectate: true });
    await vi.advanceTimersByTimeAsync(0);
    world.socket.accept();
    world.socket.deliver(welcomeBytes({ player: SPECTATOR }));
    const other = await watching;
    expect(other.prediction.state).toBe("spectator");
    other.leave();
  });

  test("has our own entities by kind", () => {
    world.view.entities = [
      { kind: 0, slot: 4, owner: ME, rows: [7, 3, 5] },
      { kind: 0, slot: 5, owner: 9, rows: [8, 2, 6] },
    ];
    room.frame();
    expect(room.prediction.own("thing").map(({ slot, own }) => [slot, own])).toEqual(
      [[4, { ammo: 5 }]],
    );
  });
});

describe("interpolation", () => {
  test("draws entities as numbers at a moment of the past", () => {
    world.view.entities = [{ kind: 1, slot: 0, owner: NOBODY, rows: [90] }];
    room.frame();
    const drawn: unknown[] = [];
    room.interpolation.draw((kind, slot, owner, values, first) => {
      drawn.push([kind, slot, owner, values[first]]);
    });
    expect(drawn).toEqual([[1, 0, NOBODY, 90]]);
    expect(room.interpolation.tick).toBeGreaterThan(1000);
    expect(room.interpolation.delayMs).toBe(75);
  });
});

describe("input", () => {
  async function lastSent(): Promise<fb.Input> {
    await vi.advanceTimersByTimeAsync(50);
    const inputs = world.socket.inputs().at(-1)!;
    return inputs.inputs(inputs.inputsLength() - 1)!;
  }

  test("goes out by the names of the game's buttons", async () => {
    room.input.hold("fire");
    room.input.stick(0, -1);
    room.input.turn(2, Math.PI / 2);
    const held = await lastSent();
    expect([held.buttons(), held.axis0(), held.axis2()]).toEqual([1, -32767, 16384]);
    room.input.hold("fire", false);
    expect((await lastSent()).buttons()).toBe(0);
  });

  test("a press is in one input", async () => {
    const before = world.socket.inputs().length;
    room.input.press("dash");
    await lastSent();
    const sent = world.socket.inputs().slice(before);
    const buttons = sent.flatMap((inputs) => {
      return Array.from({ length: inputs.inputsLength() }, (_, i) => inputs.inputs(i)!.buttons());
    });
    expect(buttons.filter((bits) => bits === 2)).toHaveLength(1);
  });

  test("of a button that the game does not have is refused", () => {
    expect(() => room.input.press("jump" as "dash")).toThrow("fake has no button jump");
  });
});

describe("commands", () => {
  test("go out by name", () => {
    room.send("colour", Uint8Array.of(5));
    const [command] = world.socket.ofType(fb.ClientBody.Command);
    const body: fb.Command = command!.body(new fb.Command());
    expect([body.type(), ...body.bytesArray()!]).toEqual([0, 5]);
  });

  test("that ask get the game's answer", async () => {
    const answer = room.request("colour", "r");
    world.socket.deliver(answerBytes(1, false, "done"));
    expect(new TextDecoder().decode(await answer)).toBe("done");
  });

  test("that ask in vain say why: refused, or no answer in time", async () => {
    const refused = room.request("colour", "r");
    world.socket.deliver(answerBytes(1, true, "not now"));
    await expect(refused).rejects.toMatchObject({ word: "refused", message: "not now" });
    const late = room.request("colour", "r", { timeoutMs: 100 });
    vi.advanceTimersByTime(100);
    await expect(late).rejects.toMatchObject({ word: "timeout" });
  });

  test("that were only sent and are refused are told in the game's words", () => {
    const told: string[] = [];
    room.onRefused((why) => told.push(why));
    expect(room.send("colour")).toBe(true);
    world.socket.deliver(answerBytes(1, true, "not now"));
    expect(told).toEqual(["not now"]);
  });

  test("that the game does not have or that are too long are refused here", () => {
    expect(() => room.send("color" as "colour")).toThrow("fake has no command color");
    expect(() => room.send("colour", "red")).toThrow(RangeError);
  });
});

describe("the connection", () => {
  test("is told when it drops, comes back and ends", async () => {
    const told: unknown[] = [];
    room.onDrop(({ reason }) => told.push(reason.word));
    room.onReconnect(() => told.push("back"));
    room.onNewSeat(() => told.push("anew"));
    room.onLeave(({ word }) => told.push(word));
    world.socket.drop();
    await vi.advanceTimersByTimeAsync(0);
    world.socket.accept();
    world.socket.deliver(welcomeBytes({ resumed: true }));
    expect(told.splice(0)).toEqual(["peer_gone", "back"]);
    world.socket.drop();
    await vi.advanceTimersByTimeAsync(0);
    world.socket.accept();
    world.socket.deliver(welcomeBytes({ resumed: false }));
    expect(told.splice(0)).toEqual(["peer_gone", "anew"]);
    world.socket.deliver(goodbyeBytes(0, "kicked"));
    world.socket.drop();
    expect(told).toEqual(["kicked"]);
  });
});
