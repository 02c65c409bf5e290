import { expect, test } from "vitest";

import { parseMaps } from "../src/arena/tile_map";

const source = "; two maps\nmap One\n####\n#AH#\n####\n\nmap Two\r\n###\r\n#.#\r\n###\r\n";

test("a file holds several maps", () => {
  const maps = parseMaps(source);
  expect(maps.map(({ name }) => name)).toEqual(["One", "Two"]);
  expect(maps.map(({ width, height }) => [width, height])).toEqual([[4, 3], [3, 3]]);
  expect(maps[0]!.marks).toEqual([{ x: 1.5, y: 1.5, team: 1 }, { x: 2.5, y: 1.5, team: 0 }]);
});

test("walls are where the text has them, and everywhere outside", () => {
  const map = parseMaps(source)[0]!;
  expect(map.isSolid(0, 0)).toBe(true);
  expect(map.isSolid(1, 1)).toBe(false);
  expect(map.isSolid(-1, 1)).toBe(true);
  expect(map.isSolid(1, 3)).toBe(true);
});
