// What a player reads, made of words alone.
import { describe, expect, test } from "vitest";

import * as arena from "../generated/arena";
import { Scene } from "../src/arena/scene";
import { ordinal, placeOf, rankTitle, ranked, resultLines } from "../src/arena/standing";
import { standstillWords } from "../src/ui/connection";
import { farewell } from "../src/ui/farewell";
import { mapNames, modeWords, valueNames } from "../src/ui/new_room";
import { refusalWords, waitingWords } from "../src/ui/refusal";

function reason(word: string) {
  return { word, sentence: "the sentence" };
}

describe("when a session is over", () => {
  test.each(["ticket_malformed", "ticket_forged", "ticket_expired", "ticket_used", "room_unknown"])(
    "%s is a server that does not know the seat",
    (word) => expect(farewell(reason(word), false)).toMatch(/started anew/),
  );

  test("after a planned stop it is the restart", () => {
    expect(farewell(reason("ticket_forged"), true)).toMatch(/has restarted/);
    expect(farewell(reason("seat_gone"), true)).toMatch(/has restarted/);
  });

  test("a seat given up, and what the server's own words say", () => {
    expect(farewell(reason("seat_gone"), false)).toMatch(/given up/);
    expect(farewell(reason("kicked"), false)).toBe("The match is over for you: the sentence.");
    expect(farewell(reason("left"), false)).toBe("");
  });
});

test("a line that stands still is told of without the overlay", () => {
  expect(standstillWords(false, "on")).toBe("");
  expect(standstillWords(false, "held")).toMatch(/your inputs wait/);
  expect(standstillWords(true, "held")).toMatch(/quiet: your inputs wait/);
  expect(standstillWords(true, "on")).toMatch(/quiet …/);
});

describe("when a join is refused", () => {
  test("the code is said back", () => {
    expect(refusalWords(reason("room_unknown"), "ZZZZZZ")).toBe("There is no room ZZZZZZ.");
    expect(refusalWords(reason("room_password"), "AAAAAA")).toContain("AAAAAA");
    expect(refusalWords(reason("room_full"), "AAAAAA")).toContain("AAAAAA");
    expect(refusalWords(reason("rooms_full"), undefined)).toBe("Not this time: the sentence.");
  });

  test("for now, there is a word meanwhile", () => {
    const waiting = { attempt: 1, retryMs: 100 };
    expect(waitingWords({ ...waiting, reason: reason("server_busy") })).toMatch(/busy, trying/);
    expect(waitingWords({ ...waiting, reason: reason("peer_gone") })).toMatch(/not answer, trying/);
  });
});

describe("at a round's end", () => {
  const scene = new Scene();
  for (const [player, score, deaths] of [[0, 3, 1], [1, 5, 0], [2, 3, 0]] as const) {
    Object.assign(scene.players.next(), { player, score, deaths });
  }
  scene.me = 0;
  scene.secondsLeft = 5.2;

  test("places are by points, rows by points and deaths", () => {
    expect(ranked(scene).map(({ player }) => player)).toEqual([1, 2, 0]);
    expect(placeOf(scene.find(0)!, scene)).toBe(2);
  });

  test("the own place and the next round are named", () => {
    expect(resultLines(scene, "")).toEqual(
      ["You came 2nd of 3: 3 kills, 1 death.", "Next round in 6"],
    );
  });

  test("what the server tells of the round is named with its rank", () => {
    const told = {
      place: 1, playerCount: 4, bestStreak: 2, accuracy: 31, rank: 1, gained: 13, missing: 7,
    };
    scene.result = told;
    expect(resultLines(scene, "Keyhole")).toEqual([
      "You came 1st of 4: 3 kills, 1 death, best streak 2, 31% of shots hit.",
      "Scout: 13 points earned, 7 more to Gunner.",
      "Next round in 6, on Keyhole",
    ]);
    scene.result = { ...told, rank: 5, missing: 0 };
    expect(resultLines(scene, "Keyhole")[1]).toMatch(/Legend: .* no higher rank/);
  });

  test("each rank of the game has a title of its own", () => {
    const titles = Array.from({ length: arena.constants.rank_count }, (_, rank) => rankTitle(rank));
    expect(new Set(titles).size).toBe(arena.constants.rank_count);
  });

  test("who only looks reads when the next round begins", () => {
    const watched = Object.assign(new Scene(), { secondsLeft: 3 });
    expect(resultLines(watched, "Orbit")).toEqual(["Next round in 3, on Orbit"]);
  });

  test("ordinals", () => {
    const words = [1, 2, 3, 4, 10, 11, 12, 13, 21, 102, 111].map(ordinal);
    expect(words.join(" ")).toBe("1st 2nd 3rd 4th 10th 11th 12th 13th 21st 102nd 111th");
  });
});

describe("a room in the list", () => {
  test.each([
    ["arena", { mode: arena.constants.mode_teams }, "teams"],
    ["arena", { mode: 0 }, ""],
    ["arena", {}, ""],
    ["arena", { mode: 99 }, ""],
    ["template", { mode: 1 }, ""],
  ])("%s with %o says its mode: %s", (game, options, words) =>
    expect(modeWords({ game, options })).toBe(words));
});

describe("a new room's options", () => {
  const option = (name: string) => arena.options.find((one) => one.name === name)!;

  test("have the names that the game gives their values", () => {
    expect(valueNames("arena", option("mode"))).toEqual(["free for all", "teams"]);
    expect(valueNames("arena", option("bot_skill"))?.[3]).toBe("merciless");
    expect(valueNames("arena", option("score_limit"))).toBeUndefined();
    expect(valueNames("unknown", option("mode"))).toBeUndefined();
  });

  test("count the maps until their names are there", () => {
    expect(valueNames("arena", option("map"))?.slice(0, 2)).toEqual(["each in turn", "map 1"]);
  });

  test("name the maps that there are", () => {
    expect(mapNames("; two\nmap Orbit\n##\nmap Keyhole\n##\n")).toEqual(
      ["each in turn", "Orbit", "Keyhole"],
    );
  });
});
