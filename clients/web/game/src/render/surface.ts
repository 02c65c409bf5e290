// surface.ts - canvases that are painted once and then only copied.  A frame draws no gradient, no
// blur and no text of its own: software rendering pays for each, a copy is cheap.

export type Painter = CanvasRenderingContext2D;
export type Surface = HTMLCanvasElement;

export function paintSurface(width: number, height: number, paint: (p: Painter) => void): Surface {
  const surface = document.createElement("canvas");
  surface.width = Math.max(1, Math.ceil(width));
  surface.height = Math.max(1, Math.ceil(height));
  const painter = surface.getContext("2d");
  if (!painter) throw new Error("this browser has no 2D canvas");
  paint(painter);
  return surface;
}

/** Draws a surface with its middle at (x, y), on whole pixels: a copy, no filtering. */
export function drawCentred(p: Painter, surface: Surface, x: number, y: number): void {
  p.drawImage(surface, Math.round(x - surface.width / 2), Math.round(y - surface.height / 2));
}

/** The same, turned. */
export function drawTurned(p: Painter, surface: Surface, x: number, y: number, turn: number): void {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  p.setTransform(cos, sin, -sin, cos, x, y);
  p.drawImage(surface, -surface.width / 2, -surface.height / 2);
  p.setTransform(1, 0, 0, 1, 0, 0);
}
