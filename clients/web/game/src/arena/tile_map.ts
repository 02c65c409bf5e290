// tile_map.ts - walls and places, from the same text that the server reads: a file of several maps.
//
//   ; a comment    map NAME    then rows of  # wall  . floor  S spawn  H health  R rail slugs
//   A B  spawns in the bases of teams 1 and 2

export interface Mark {
  readonly x: number;
  readonly y: number;
  /** Whose base it is in, 0: nobody's. */
  readonly team: number;
}

/** All maps of a file.  The server has checked it: what is odd here is just not drawn. */
export function parseMaps(source: string): TileMap[] {
  const maps: { name: string; rows: string[] }[] = [];
  for (const line of source.split(/\r?\n/)) {
    if (line.startsWith("map ")) maps.push({ name: line.slice(4), rows: [] });
    else if (line !== "" && !line.startsWith(";")) maps.at(-1)?.rows.push(line);
  }
  const whole = maps.filter(({ rows }) => rows.length > 0);
  return whole.map(({ name, rows }) => new TileMap(rows, name));
}

function markOf(tile: string, x: number, y: number): Mark {
  const team = tile === "A" ? 1 : tile === "B" ? 2 : 0;
  return { x: x + 0.5, y: y + 0.5, team };
}

export class TileMap {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
  private readonly solid: Uint8Array;

  constructor(rows: readonly string[], readonly name = "") {
    this.width = Math.max(...rows.map((row) => row.length));
    this.height = rows.length;
    this.solid = new Uint8Array(this.width * this.height);
    const marks: Mark[] = [];
    rows.forEach((row, y) => {
      for (let x = 0; x < this.width; x++) {
        const tile = row[x] ?? "#";
        if (tile === "#") this.solid[y * this.width + x] = 1;
        else if (tile !== "." && tile !== " ") marks.push(markOf(tile, x, y));
      }
    });
    this.marks = marks;
  }

  /** Whether a tile is wall; all outside is. */
  isSolid(x: number, y: number): boolean {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return true;
    return this.solid[y * this.width + x] === 1;
  }
}
