// overlay.ts - what the line, time and prediction do, over the match: F3 or the key left of 1.  F4
// saves the black box.
//
// It looks by a timer of its own and only while it is open.  The figures are the client core's, but
// for bytes (the SDK counts them) and the server's own (a probe a second).
import type { Figures, LinkSimulator, Probed, Room } from "skirmish-sdk";

import { isControl, isPlaying } from "../mode";
import { TextSlot, make } from "../ui/dom";
import { Graph } from "./graph";
import { makeLinkForm } from "./link_form";
import "./overlay.css";
import { shotView } from "./shot_view";
import {
  type Counted, type Row, countedSince, drawingRows, inputRows, lineRows, predictionRows,
  serverRows, trafficRows, troubleRows,
} from "./rows";

const SAMPLE_MS = 50;
const WORDS_SAMPLES = 5; // words change so often that they can be read
const PROBE_SAMPLES = 25; // a little more than a second: sooner the server refuses
const MINUTE_SAMPLES = 60000 / (SAMPLE_MS * WORDS_SAMPLES);
const KEYS: readonly string[] = ["F3", "Backquote"];
const BOX_KEY = "F4";
const STORE_KEY = "skirmish.overlay";
const LEGEND = "ticks predicted ahead; full bar: corrected, broken: late input";
const GRAPH = { width: 326, height: 44 } as const;

/** A line of the panel; text is written when it has changed. */
class Line {
  readonly element = make("p");
  private readonly label = this.slot("span");
  private readonly value = this.slot("b");
  private readonly mark = make("i");
  private readonly word = new TextSlot(this.mark);

  constructor() {
    this.element.append(this.mark);
  }

  show({ label, value, word, verdict }: Row): void {
    this.label.set(label);
    this.value.set(value);
    this.word.set(word);
    const name = verdict ?? "";
    if (this.mark.className !== name) this.mark.className = name;
  }

  private slot(tag: string): TextSlot {
    return new TextSlot(this.element.appendChild(make(tag)));
  }
}

/** For who has no keys. */
function makeShotButton(): HTMLElement {
  const button = make("button", "Explain the last rail shot (F2)", "shot") as HTMLButtonElement;
  button.type = "button";
  button.addEventListener("click", () => shotView.toggle());
  return button;
}

export class Overlay {
  private readonly panel = make("aside");
  private readonly list = make("div");
  private readonly lines: Line[] = [];
  private readonly graph = new Graph(GRAPH.width, GRAPH.height);
  private readonly minute: Counted[] = []; // oldest first
  private readonly offsets: number[] = []; // the largest since the one before
  private probed: Probed | undefined;
  private room: Room | undefined;
  private last: Counted | undefined;
  private timer: number | undefined;
  private samples = 0;
  private offset = 0; // the largest since the words changed

  constructor(link: LinkSimulator) {
    const { panel, graph } = this;
    panel.id = "overlay";
    panel.ariaLabel = "Connection and prediction";
    panel.hidden = true;
    graph.canvas.role = "img";
    graph.canvas.ariaLabel = "Ticks predicted ahead of the server, with corrections";
    const legend = make("p", LEGEND, "legend");
    panel.append(this.list, graph.canvas, legend, makeShotButton(), makeLinkForm(link));
    document.body.append(panel);
    addEventListener("keydown", (event) => this.onKey(event));
    this.show(localStorage.getItem(STORE_KEY) === "open");
  }

  get isOpen(): boolean {
    return !this.panel.hidden;
  }

  /** Opens or closes it, and remembers that. */
  show(open: boolean): void {
    this.panel.hidden = !open;
    localStorage.setItem(STORE_KEY, open ? "open" : "closed");
    clearInterval(this.timer);
    if (open) this.timer = window.setInterval(() => this.sample(), SAMPLE_MS);
  }

  /** What it shows from now on. */
  follow(room: Room | undefined): void {
    this.room = room;
    this.last = undefined;
    this.minute.length = 0;
    this.offsets.length = 0;
    this.probed = undefined;
    this.list.hidden = !room;
  }

  /** One look at the figures; the words change at each fifth. */
  sample(): void {
    const figures = this.room?.figures;
    if (!this.room || !figures) return;
    const { touched, late, diverging } = countedSince(figures, this.last ?? figures);
    const aheadTicks = figures.predictedTick === 0 ? 0 : figures.predictedTick - figures.newestTick;
    this.last = figures;
    this.offset = Math.max(this.offset, figures.offset);
    this.graph.add({ aheadTicks, corrected: touched + diverging, late });
    this.graph.draw();
    if (this.samples % WORDS_SAMPLES === 0) this.say(this.room, figures);
    if (this.samples % PROBE_SAMPLES === 0) void this.probe(this.room);
    this.samples++;
  }

  private async probe(room: Room): Promise<void> {
    const probed = await room.probe();
    if (room === this.room) this.probed = probed ?? this.probed;
  }

  private say(room: Room, figures: Figures): void {
    this.minute.push(figures);
    this.offsets.push(this.offset);
    this.offset = 0;
    for (const list of [this.minute, this.offsets]) {
      if (list.length > MINUTE_SAMPLES) list.shift();
    }
    const counted = countedSince(figures, this.minute[0]!);
    const worst = Math.max(...this.offsets);
    const rows = [
      ...lineRows(figures), ...inputRows(figures, counted), ...drawingRows(figures, counted),
      ...predictionRows(room.prediction.state, figures, counted, worst),
      ...troubleRows(room.prediction.trouble), ...trafficRows(room.traffic, room.queuedBytes),
      ...serverRows(this.probed, room.tickHz),
    ];
    rows.forEach((row, i) => this.line(i).show(row));
    for (const line of this.lines.splice(rows.length)) line.element.remove();
  }

  private line(index: number): Line {
    const kept = this.lines[index];
    if (kept) return kept;
    const line = new Line();
    this.lines.push(line);
    this.list.append(line.element);
    return line;
  }

  private onKey(event: KeyboardEvent): void {
    const savesBox = event.code === BOX_KEY;
    if (!(savesBox || KEYS.includes(event.code)) || event.repeat || !isPlaying()) return;
    if (isControl(event.target)) return;
    event.preventDefault();
    if (savesBox) this.saveBox();
    else this.show(!this.isOpen);
  }

  /** What entered the client in the last 30 s: skirmish-feel replays it. */
  private saveBox(): void {
    const box = this.room?.blackBox();
    if (!box) return;
    const url = URL.createObjectURL(new Blob([box]));
    const link = document.createElement("a");
    link.href = url;
    link.download = "skirmish.box";
    link.click();
    URL.revokeObjectURL(url);
  }
}
