// shot_view.ts - the last rail shot over the match: where everybody was drawn when it was fired,
// the line of aim, and in words how the server judged it.  F2, or the button in the overlay.
import type { RailShot, ShotLog } from "../arena/shot_log";
import { isControl, isPlaying } from "../mode";
import type { Camera } from "../render/camera";
import { TextSlot, make } from "../ui/dom";
import { explain } from "./shot_words";

const KEY = "F2";
const RADIUS = 0.42; // tiles, about a figure's
const COLORS = { beam: "#7de3ff", drawn: "#eef1ff", target: "#ffb545" } as const;

/** What a frame of it needs. */
export interface ShotFrame {
  readonly painter: CanvasRenderingContext2D;
  readonly camera: Camera;
  readonly tickHz: number;
  nameOf(player: number): string;
}

class ShotView {
  private readonly panel = make("aside");
  private readonly words = new TextSlot(this.panel);

  constructor() {
    this.panel.id = "shot";
    this.panel.role = "status";
    this.panel.hidden = true;
    document.body.append(this.panel);
    addEventListener("keydown", (event) => {
      if (event.code !== KEY || event.repeat || !isPlaying() || isControl(event.target)) return;
      event.preventDefault();
      this.toggle();
    });
  }

  toggle(): void {
    this.panel.hidden = !this.panel.hidden;
  }

  /** Draws over the match that was just drawn. */
  frame(log: ShotLog, { painter, camera, tickHz, nameOf }: ShotFrame): void {
    if (this.panel.hidden) return;
    const shot = log.last;
    this.words.set(explain(shot, nameOf, tickHz).join("\n"));
    if (shot) drawShot(shot, painter, camera);
  }

  hide(): void {
    this.panel.hidden = true;
  }
}

function drawShot(shot: RailShot, p: CanvasRenderingContext2D, camera: Camera): void {
  const place = (x: number, y: number) => [
    (x - camera.x) * camera.scale + camera.width / 2,
    (y - camera.y) * camera.scale + camera.height / 2,
  ] as const;
  p.save();
  p.lineWidth = 2;
  p.setLineDash([8, 6]);
  p.strokeStyle = COLORS.beam;
  p.beginPath();
  p.moveTo(...place(shot.x, shot.y));
  p.lineTo(...place(shot.toX, shot.toY));
  p.stroke();
  p.setLineDash([]);
  for (const { player, x, y } of shot.drawn) {
    const [left, top] = place(x, y);
    const isTarget = player === shot.verdict?.target;
    p.strokeStyle = isTarget ? COLORS.target : COLORS.drawn;
    p.beginPath();
    p.arc(left, top, RADIUS * camera.scale, 0, 7);
    if (isTarget) { // a cross too: colour is never the only sign
      p.moveTo(left - 6, top);
      p.lineTo(left + 6, top);
      p.moveTo(left, top - 6);
      p.lineTo(left, top + 6);
    }
    p.stroke();
  }
  p.restore();
}

export const shotView = new ShotView();
