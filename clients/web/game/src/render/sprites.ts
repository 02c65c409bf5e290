// sprites.ts - everything that moves, painted once for each size and colour and kept.
import { constants } from "../../generated/arena";
import type { HitMark, PickupKind } from "../arena/scene";
import { fade, mix, palette } from "./palette";
import { type Painter, type Surface, paintSurface } from "./surface";

const FONT = `600 %px "Avenir Next", "Segoe UI", "DejaVu Sans", system-ui, sans-serif`;

export class Sprites {
  private readonly kept = new Map<string, Surface>();
  private readonly scale: number;

  /** `scale` is pixels a tile. */
  constructor(scale: number) {
    this.scale = scale;
  }

  /** A player's body and gun, looking east. */
  body(color: string, weapon: number): Surface {
    return this.keep(`body${color}${weapon}`, 1.9, 1.9, (p) => paintBody(p, color, weapon));
  }

  /** A team's shape on the hull; it does not turn with it. */
  mark(team: number): Surface {
    return this.keep(`mark${team}`, 0.5, 0.5, (p) => paintMark(p, team));
  }

  shade(): Surface {
    return this.keep("shade", 1.3, 1.3, (p) => paintGlow(p, "#04050f", 0.6, 0.65));
  }

  glow(color: string, radius: number): Surface {
    return this.keep(`glow${color}${radius}`, 2 * radius, 2 * radius, (p) => {
      paintGlow(p, color, radius, 0.85);
    });
  }

  /** A bolt with its trail, flying east. */
  bolt(color: string): Surface {
    return this.keep(`bolt${color}`, 2.8, 0.6, (p) => paintBolt(p, color));
  }

  pickup(kind: PickupKind): Surface {
    return this.keep(`pickup${kind}`, 1.2, 1.2, (p) => paintPickup(p, kind));
  }

  shield(): Surface {
    return this.keep("shield", 1.6, 1.6, paintShield);
  }

  muzzle(weapon: number): Surface {
    return this.keep(`muzzle${weapon}`, 2, 1.2, (p) => paintMuzzle(p, weapon));
  }

  crosshair(mark: HitMark): Surface {
    return this.keep(`crosshair${mark}`, 0.9, 0.9, (p) => paintCrosshair(p, mark));
  }

  label(text: string, color: string): Surface {
    const kept = this.kept.get(text + color);
    if (kept) return kept;
    const pixels = Math.round(Math.max(11, this.scale * 0.27));
    const surface = paintLabel(text, color, pixels);
    this.kept.set(text + color, surface);
    return surface;
  }

  private keep(key: string, width: number, height: number, paint: (p: Painter) => void): Surface {
    let surface = this.kept.get(key);
    if (!surface) {
      surface = paintSurface(width * this.scale, height * this.scale, (p) => {
        p.translate(p.canvas.width / 2, p.canvas.height / 2);
        p.scale(this.scale, this.scale);
        paint(p);
      });
      this.kept.set(key, surface);
    }
    return surface;
  }
}

function disc(p: Painter, x: number, y: number, radius: number, style: string | CanvasGradient) {
  p.fillStyle = style;
  p.beginPath();
  p.arc(x, y, radius, 0, 7);
  p.fill();
}

function block(p: Painter, x: number, y: number, w: number, h: number, style: string) {
  p.fillStyle = style;
  p.beginPath();
  p.roundRect(x, y, w, h, Math.min(w, h) * 0.35);
  p.fill();
}

function paintGlow(p: Painter, color: string, radius: number, alpha: number): void {
  const glow = p.createRadialGradient(0, 0, 0, 0, 0, radius);
  glow.addColorStop(0, fade(color, alpha));
  glow.addColorStop(0.35, fade(color, alpha * 0.4));
  glow.addColorStop(1, fade(color, 0));
  p.fillStyle = glow;
  p.fillRect(-radius, -radius, 2 * radius, 2 * radius);
}

const INK = "#0a0d1c";

function paintGun(p: Painter, color: string, weapon: number): void {
  if (weapon === 0) {
    block(p, 0.16, -0.13, 0.58, 0.26, INK);
    block(p, 0.2, -0.09, 0.5, 0.18, "#8791bd");
    block(p, 0.58, -0.11, 0.12, 0.22, mix(color, "#ffffff", 0.25));
    return;
  }
  block(p, 0.1, -0.1, 0.82, 0.2, INK);
  block(p, 0.14, -0.06, 0.74, 0.05, "#b9c4f2");
  block(p, 0.14, 0.01, 0.74, 0.05, "#b9c4f2");
  block(p, 0.34, -0.05, 0.4, 0.1, palette.beam);
}

function paintBody(p: Painter, color: string, weapon: number): void {
  block(p, -0.34, -0.5, 0.6, 0.22, INK); // treads
  block(p, -0.34, 0.28, 0.6, 0.22, INK);
  block(p, -0.28, -0.46, 0.48, 0.13, "#4a5480");
  block(p, -0.28, 0.33, 0.48, 0.13, "#4a5480");
  paintGun(p, color, weapon);
  disc(p, 0, 0, 0.44, INK);
  const shell = p.createRadialGradient(-0.12, -0.16, 0.02, 0, 0, 0.42);
  shell.addColorStop(0, mix(color, "#ffffff", 0.55));
  shell.addColorStop(0.5, color);
  shell.addColorStop(1, mix(color, INK, 0.45));
  disc(p, 0, 0, 0.385, shell);
  disc(p, -0.02, 0, 0.24, mix(color, INK, 0.3));
  disc(p, -0.02, 0, 0.2, mix(color, "#ffffff", 0.18));
  block(p, 0.08, -0.17, 0.15, 0.34, INK); // visor
  block(p, 0.13, -0.13, 0.06, 0.26, "#f4f7ff");
}

function paintMark(p: Painter, team: number): void {
  p.lineJoin = "round";
  p.beginPath();
  if (team === 1) {
    p.moveTo(0, -0.16);
    p.lineTo(0.16, 0.12);
    p.lineTo(-0.16, 0.12);
    p.closePath();
  } else {
    p.rect(-0.125, -0.125, 0.25, 0.25);
  }
  p.lineWidth = 0.09;
  p.strokeStyle = INK;
  p.stroke();
  p.fillStyle = "#ffffff";
  p.fill();
}

function paintBolt(p: Painter, color: string): void {
  const tail = p.createLinearGradient(-1.35, 0, 0.3, 0);
  tail.addColorStop(0, fade(color, 0));
  tail.addColorStop(1, fade(color, 0.85));
  p.fillStyle = tail;
  p.beginPath();
  p.moveTo(-1.35, 0);
  p.quadraticCurveTo(0, -0.13, 0.36, -0.1);
  p.lineTo(0.36, 0.1);
  p.quadraticCurveTo(0, 0.13, -1.35, 0);
  p.fill();
  p.translate(0.34, 0);
  paintGlow(p, color, 0.28, 0.9);
  disc(p, 0, 0, 0.1, "#fffdf5");
}

function paintPickup(p: Painter, kind: PickupKind): void {
  const color = kind === "health" ? palette.good : palette.beam;
  paintGlow(p, color, 0.6, 0.5);
  p.beginPath();
  for (let side = 0; side < 6; side++) {
    p.lineTo(0.34 * Math.cos((side * Math.PI) / 3), 0.34 * Math.sin((side * Math.PI) / 3));
  }
  p.closePath();
  p.fillStyle = mix(INK, color, 0.22);
  p.fill();
  p.lineWidth = 0.05;
  p.strokeStyle = color;
  p.stroke();
  paintIcon(p, kind, mix(color, "#ffffff", 0.4));
}

function paintIcon(p: Painter, kind: PickupKind, color: string): void {
  switch (kind) {
    case "health":
      block(p, -0.055, -0.17, 0.11, 0.34, color);
      block(p, -0.17, -0.055, 0.34, 0.11, color);
      return;
    case "slugs":
      for (let i = -1; i <= 1; i++) block(p, i * 0.11 - 0.035, -0.15, 0.07, 0.3, color);
  }
}

function paintShield(p: Painter): void {
  const shell = p.createRadialGradient(0, 0, 0.4, 0, 0, 0.7);
  shell.addColorStop(0, "rgba(183, 155, 255, 0)");
  shell.addColorStop(0.75, "rgba(183, 155, 255, 0.35)");
  shell.addColorStop(1, "rgba(183, 155, 255, 0)");
  disc(p, 0, 0, 0.7, shell);
}

/** Short and warm of the blaster; long, forked and cold of the rail. */
function paintMuzzle(p: Painter, weapon: number): void {
  const isRail = weapon === constants.weapon_rail;
  paintGlow(p, isRail ? palette.beam : "#fff1c9", isRail ? 0.58 : 0.4, 0.9);
  p.fillStyle = isRail ? "#f2fdff" : "#fffbe8";
  for (const side of isRail ? [-0.13, 0, 0.13] : [0]) {
    p.beginPath();
    p.moveTo(-0.1, side - 0.07);
    p.lineTo(isRail && side === 0 ? 0.95 : 0.5, side * 1.8);
    p.lineTo(-0.1, side + 0.07);
    p.fill();
  }
}

/** Four diamonds around the crosshair: outlines while the server has not spoken. */
function paintHitMark(p: Painter, isFilled: boolean): void {
  p.lineWidth = 0.03;
  p.strokeStyle = palette.bad;
  p.fillStyle = palette.bad;
  for (const [x, y] of [[1, 1], [1, -1], [-1, 1], [-1, -1]] as const) {
    p.beginPath();
    p.moveTo(x * 0.24, y * 0.32);
    p.lineTo(x * 0.32, y * 0.24);
    p.lineTo(x * 0.4, y * 0.32);
    p.lineTo(x * 0.32, y * 0.4);
    p.closePath();
    p.stroke();
    if (isFilled) p.fill();
  }
}

function paintCrosshair(p: Painter, mark: HitMark): void {
  const marked = mark !== "none";
  p.lineWidth = 0.08;
  p.strokeStyle = "rgba(8, 10, 24, 0.7)";
  for (const style of [p.strokeStyle, marked ? palette.bad : palette.text]) {
    p.strokeStyle = style;
    p.beginPath();
    p.arc(0, 0, 0.24, 0, 7);
    p.stroke();
    p.lineWidth = 0.04;
  }
  if (marked) paintHitMark(p, mark === "filled");
  disc(p, 0, 0, 0.07, marked ? palette.bad : palette.me);
}

function paintLabel(text: string, color: string, pixels: number): Surface {
  const font = FONT.replace("%", String(pixels));
  const ruler = document.createElement("canvas").getContext("2d")!;
  ruler.font = font;
  return paintSurface(ruler.measureText(text).width + 8, pixels * 1.5, (p) => {
    p.font = font;
    p.textAlign = "center";
    p.textBaseline = "middle";
    p.lineJoin = "round";
    p.lineWidth = 4;
    p.strokeStyle = "rgba(8, 10, 24, 0.85)";
    p.strokeText(text, p.canvas.width / 2, p.canvas.height / 2);
    p.fillStyle = color;
    p.fillText(text, p.canvas.width / 2, p.canvas.height / 2);
  });
}
