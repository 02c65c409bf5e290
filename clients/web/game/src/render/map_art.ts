// map_art.ts - the ground and the walls, painted once for each size of the screen.
//
// Layers, from below: floor plates and their wear; pools of light; shadow that the walls throw to
// the south-east; contact shade at their feet; walls, as blocks whose south face shows.
import type { TileMap } from "../arena/tile_map";
import { fade, mix, palette } from "./palette";
import { type Painter, type Surface, paintSurface } from "./surface";

/** Painted around the map, so that the screen can show a little beyond its edge. */
export const ROOF_TILES = 5;

const FACE = 0.34; // of a tile, how much of a wall's south face shows
const SHADOW = 0.32;

/** The same number for the same tile each time. */
function noise(x: number, y: number, salt: number): number {
  let h = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(salt, 2147483647);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

export function paintMap(map: TileMap, scale: number): Surface {
  const [width, height] = [map.width + 2 * ROOF_TILES, map.height + 2 * ROOF_TILES];
  return paintSurface(width * scale, height * scale, (p) => {
    p.save();
    p.scale(scale, scale);
    p.translate(ROOF_TILES, ROOF_TILES);
    eachTile(map, (x, y) => !map.isSolid(x, y) && paintPlate(p, x, y));
    paintMarks(p, map);
    paintLights(p, map);
    paintShadow(p, map, scale);
    paintWalls(p, map);
    p.restore();
  });
}

function eachTile(map: TileMap, visit: (x: number, y: number) => void): void {
  for (let y = -ROOF_TILES; y < map.height + ROOF_TILES; y++) {
    for (let x = -ROOF_TILES; x < map.width + ROOF_TILES; x++) visit(x, y);
  }
}

function paintPlate(p: Painter, x: number, y: number): void {
  const shade = noise(x >> 1, y >> 1, 1);
  p.fillStyle = mix(palette.floor, palette.floorAlt, shade * 1.4 > 1 ? 1 : shade);
  p.fillRect(x, y, 1.02, 1.02);
  p.fillStyle = palette.floorLine;
  if (x % 2 === 0) p.fillRect(x, y, 0.03, 1);
  if (y % 2 === 0) p.fillRect(x, y, 1, 0.03);
  if (x % 2 === 0 && y % 2 === 0) paintRivet(p, x + 0.16, y + 0.16);
  if (noise(x, y, 2) > 0.93) paintScratch(p, x, y);
  if (noise(x, y, 3) > 0.972) paintGrate(p, x, y);
}

function paintRivet(p: Painter, x: number, y: number): void {
  p.fillStyle = fade(palette.floorMark, 0.7);
  p.beginPath();
  p.arc(x, y, 0.035, 0, 7);
  p.fill();
}

function paintScratch(p: Painter, x: number, y: number): void {
  p.strokeStyle = fade(palette.floorMark, 0.45);
  p.lineWidth = 0.025;
  p.beginPath();
  p.moveTo(x + 0.15 + noise(x, y, 4) * 0.3, y + 0.2);
  p.lineTo(x + 0.4 + noise(x, y, 5) * 0.5, y + 0.5 + noise(x, y, 6) * 0.4);
  p.stroke();
}

function paintGrate(p: Painter, x: number, y: number): void {
  p.fillStyle = "#12162a";
  p.beginPath();
  p.roundRect(x + 0.14, y + 0.14, 0.72, 0.72, 0.08);
  p.fill();
  p.fillStyle = palette.floorMark;
  for (let bar = 0; bar < 4; bar++) p.fillRect(x + 0.22, y + 0.24 + bar * 0.15, 0.56, 0.05);
}

/** A ring on the ground where pickups and players appear. */
function paintMarks(p: Painter, map: TileMap): void {
  p.lineWidth = 0.05;
  for (const { x, y, team } of map.marks) {
    if (team > 0) paintBase(p, x, y, team);
    p.strokeStyle = fade(palette.floorMark, 0.8);
    p.setLineDash([0.22, 0.14]);
    p.beginPath();
    p.arc(x, y, 0.62, 0, 7);
    p.stroke();
  }
  p.setLineDash([]);
}

/** The floor of a team's base, in its colour and with its shape. */
function paintBase(p: Painter, x: number, y: number, team: number): void {
  const color = palette.teams[team - 1]!;
  p.fillStyle = fade(color, 0.16);
  p.fillRect(x - 1.5, y - 1.5, 3, 3);
  p.fillStyle = fade(color, 0.5);
  p.beginPath();
  if (team === 1) {
    p.moveTo(x, y - 0.34);
    p.lineTo(x + 0.34, y + 0.26);
    p.lineTo(x - 0.34, y + 0.26);
  } else {
    p.rect(x - 0.28, y - 0.28, 0.56, 0.56);
  }
  p.fill();
}

const lightColors = ["#5b6cff", "#ff7a59", "#2fd6c3", "#b05bff"] as const;

function paintLights(p: Painter, map: TileMap): void {
  p.globalCompositeOperation = "lighter";
  for (let y = 3; y < map.height; y += 7) {
    for (let x = 3; x < map.width; x += 8) {
      const color = lightColors[Math.floor(noise(x, y, 7) * lightColors.length)]!;
      const radius = 3.2 + noise(x, y, 8) * 2.4;
      const glow = p.createRadialGradient(x, y, 0, x, y, radius);
      glow.addColorStop(0, fade(color, 0.2));
      glow.addColorStop(0.5, fade(color, 0.07));
      glow.addColorStop(1, fade(color, 0));
      p.fillStyle = glow;
      p.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
    }
  }
  p.globalCompositeOperation = "source-over";
}

/** All wall tiles as one path, a little larger or moved. */
function traceWalls(p: Painter, map: TileMap, grow: number, moveX: number, moveY: number): void {
  p.beginPath();
  eachTile(map, (x, y) => {
    if (!map.isSolid(x, y)) return;
    p.rect(x - grow + moveX, y - grow + moveY, 1 + 2 * grow, 1 + 2 * grow);
  });
}

function paintShadow(p: Painter, map: TileMap, scale: number): void {
  p.save();
  p.filter = `blur(${Math.round(scale * 0.14)}px)`;
  p.fillStyle = "rgba(4, 5, 16, 0.62)";
  traceWalls(p, map, 0.02, SHADOW, SHADOW);
  p.fill();
  p.fillStyle = "rgba(4, 5, 16, 0.4)";
  traceWalls(p, map, 0.14, 0, 0.04);
  p.fill();
  p.restore();
}

function paintWalls(p: Painter, map: TileMap): void {
  eachTile(map, (x, y) => {
    if (!map.isSolid(x, y)) return;
    const face = !map.isSolid(x, y + 1);
    const top = mix(palette.wallTop, palette.wallTopLight, noise(x >> 1, y >> 1, 9) * 0.35);
    const outside = x < 0 || y < 0 || x >= map.width || y >= map.height;
    p.fillStyle = outside ? mix(top, palette.void, 0.6) : top;
    p.fillRect(x, y, 1.02, 1.02);
    if (!outside && noise(x, y, 10) > 0.82) paintVent(p, x, y);
    if (face) paintFace(p, x, y);
  });
  eachTile(map, (x, y) => map.isSolid(x, y) && paintRim(p, map, x, y));
}

function paintVent(p: Painter, x: number, y: number): void {
  p.fillStyle = fade(palette.wallFace, 0.8);
  p.beginPath();
  p.roundRect(x + 0.22, y + 0.12, 0.56, 0.42, 0.06);
  p.fill();
  p.fillStyle = fade(palette.wallTopLight, 0.8);
  for (let bar = 0; bar < 3; bar++) p.fillRect(x + 0.28, y + 0.19 + bar * 0.12, 0.44, 0.04);
}

function paintFace(p: Painter, x: number, y: number): void {
  const top = y + 1 - FACE;
  const shade = p.createLinearGradient(0, top, 0, y + 1);
  shade.addColorStop(0, palette.wallFace);
  shade.addColorStop(1, palette.wallFaceLow);
  p.fillStyle = shade;
  p.fillRect(x, top, 1.02, FACE);
  p.fillStyle = fade(palette.wallRim, 0.9);
  p.fillRect(x, top, 1.02, 0.045);
  if (noise(x, y, 11) > 0.74) paintWindow(p, x, top);
}

function paintWindow(p: Painter, x: number, top: number): void {
  const lit = noise(x, Math.floor(top), 12) > 0.4;
  p.fillStyle = lit ? "#ffc977" : "#31407a";
  p.fillRect(x + 0.3, top + 0.13, 0.4, 0.1);
  if (!lit) return;
  p.globalCompositeOperation = "lighter";
  const glow = p.createRadialGradient(x + 0.5, top + 0.3, 0, x + 0.5, top + 0.3, 0.9);
  glow.addColorStop(0, "rgba(255, 190, 100, 0.28)");
  glow.addColorStop(1, "rgba(255, 190, 100, 0)");
  p.fillStyle = glow;
  p.fillRect(x - 0.5, top, 2, 1.4);
  p.globalCompositeOperation = "source-over";
}

/** A light edge to the north and west, a dark one to the east, so that blocks read as raised. */
function paintRim(p: Painter, map: TileMap, x: number, y: number): void {
  const tall = map.isSolid(x, y + 1) ? 1 : 1 - FACE;
  p.fillStyle = fade(palette.wallRim, 0.55);
  if (!map.isSolid(x, y - 1)) p.fillRect(x, y, 1, 0.05);
  if (!map.isSolid(x - 1, y)) p.fillRect(x, y, 0.05, tall);
  p.fillStyle = "rgba(8, 10, 26, 0.45)";
  if (!map.isSolid(x + 1, y)) p.fillRect(x + 0.95, y, 0.05, tall);
}
