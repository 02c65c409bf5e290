// tile_map.ts - walls and places, from the same text that the server reads: a file of several maps.
//
//   ; a comment    map NAME    then rows of  # wall  . floor  S spawn  H health  R rail slugs

export interface Mark {
  readonly x: number;
  readonly y: number;
}

/** All maps of a file.  The server has checked it: what is odd here is just not drawn. */
export function parseMaps(source: string): TileMap[] {
  const maps: string[][] = [];
  for (const line of source.split(/\r?\n/)) {
    if (line.startsWith("map ")) maps.push([]);
    else if (line !== "" && !line.startsWith(";")) maps.at(-1)?.push(line);
  }
  return maps.filter((rows) => rows.length > 0).map((rows) => new TileMap(rows));
}

export class TileMap {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
  private readonly solid: Uint8Array;

  constructor(rows: readonly string[]) {
    this.width = Math.max(...rows.map((row) => row.length));
    this.height = rows.length;
    this.solid = new Uint8Array(this.width * this.height);
    const marks: Mark[] = [];
    rows.forEach((row, y) => {
      for (let x = 0; x < this.width; x++) {
        const tile = row[x] ?? "#";
        if (tile === "#") this.solid[y * this.width + x] = 1;
        else if (tile !== "." && tile !== " ") marks.push({ x: x + 0.5, y: y + 0.5 });
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
