// touch.ts - two sticks that appear where thumbs land: left half moves, right half aims and, pushed
// far enough, fires.  Two buttons between the thumbs dash and change the weapon.  Until each stick
// was used once, words say what it is for.
import { byId } from "../ui/dom";
import type { Choose, Device, Intent } from "./intent";

const REACH = 56; // CSS pixels from the middle to full
const DEAD = 0.18;
const FIRE = 0.45;
const FLICK_MS = 120; // for so long a flick's aim stays: its shot is not sampled in the same frame

class Stick {
  x = 0;
  y = 0;
  private pointer: number | undefined;
  private readonly base: HTMLElement;
  private readonly knob: HTMLElement;
  private readonly words: HTMLElement;
  private startX = 0;
  private startY = 0;

  constructor(layer: HTMLElement, name: string) {
    this.base = layer.appendChild(document.createElement("div"));
    this.base.className = `stick ${name}`;
    this.knob = this.base.appendChild(document.createElement("div"));
    this.words = byId(`how-to-${name}`);
  }

  get size(): number {
    return Math.hypot(this.x, this.y);
  }

  /** Where it points, when it does. */
  get turn(): number {
    return Math.atan2(this.y, this.x);
  }

  get isFree(): boolean {
    return this.pointer === undefined;
  }

  start(event: PointerEvent): void {
    this.pointer = event.pointerId;
    this.startX = event.clientX;
    this.startY = event.clientY;
    this.base.classList.add("held");
    this.words.hidden = true;
    this.base.style.left = `${event.clientX}px`;
    this.base.style.top = `${event.clientY}px`;
    this.move(event);
  }

  move(event: PointerEvent): void {
    if (event.pointerId !== this.pointer) return;
    const [x, y] = [(event.clientX - this.startX) / REACH, (event.clientY - this.startY) / REACH];
    const over = Math.max(1, Math.hypot(x, y));
    this.x = x / over;
    this.y = y / over;
    this.knob.style.transform = `translate(${this.x * REACH}px, ${this.y * REACH}px)`;
  }

  end(event: PointerEvent): void {
    if (event.pointerId !== this.pointer) return;
    this.pointer = undefined;
    this.x = 0;
    this.y = 0;
    this.base.classList.remove("held");
    this.knob.style.transform = "";
  }
}

export class Touch implements Device {
  usedMs = -1;
  private readonly move: Stick;
  private readonly look: Stick;
  private aim: number | undefined;
  private dashing = false;
  private dashed = false; // since the last reading
  private fired = false; // the same: a flick may be over before a frame sees it
  private flickMs = -FLICK_MS;

  constructor(stage: HTMLElement, layer: HTMLElement, choose: Choose) {
    this.move = new Stick(layer, "move");
    this.look = new Stick(layer, "look");
    if (matchMedia("(pointer: coarse)").matches) this.use(1); // before any mouse
    stage.addEventListener("pointerdown", (event) => this.onDown(event));
    addEventListener("pointermove", (event) => this.onMove(event));
    addEventListener("pointerup", (event) => {
      this.onMove(event); // the end of a flick may be all of it that one hears
      this.each((stick) => stick.end(event));
    });
    addEventListener("pointercancel", (event) => this.each((stick) => stick.end(event)));
    byId("swap").addEventListener("pointerdown", () => choose("other"));
    byId("dash").addEventListener("pointerdown", () => this.dash());
    addEventListener("pointerup", () => (this.dashing = false));
  }

  read(intent: Intent): void {
    const moving = this.move.size > DEAD;
    intent.moveX = moving ? this.move.x : 0;
    intent.moveY = moving ? this.move.y : 0;
    const flicked = performance.now() - this.flickMs < FLICK_MS;
    if (this.look.size > DEAD) this.aim = this.look.turn;
    else if (moving && !flicked) this.aim = this.move.turn;
    if (this.aim !== undefined) intent.aim = this.aim;
    intent.fire = this.look.size > FIRE;
    intent.dash = this.dashing;
    intent.fired = this.fired;
    intent.dashed = this.dashed;
    this.dashed = false;
    this.fired = false;
  }

  forgetAim(): void {
    this.aim = undefined;
  }

  /** A browser tells of one place a frame: a flick out and back is in those in between. */
  private onMove(event: PointerEvent): void {
    const between = event.getCoalescedEvents?.() ?? [];
    for (const point of between) this.moveTo(point);
    this.moveTo(event);
  }

  private moveTo(event: PointerEvent): void {
    const firedBefore = this.look.size > FIRE;
    this.each((stick) => stick.move(event));
    if (this.look.size <= FIRE) return;
    this.aim = this.look.turn;
    this.flickMs = performance.now();
    this.fired ||= !firedBefore;
  }

  private dash(): void {
    this.dashing = true;
    this.dashed = true;
  }

  private onDown(event: PointerEvent): void {
    if (event.pointerType !== "touch") return;
    event.preventDefault();
    this.use(performance.now());
    const stick = event.clientX < innerWidth / 2 ? this.move : this.look;
    if (stick.isFree) stick.start(event);
  }

  private use(nowMs: number): void {
    this.usedMs = nowMs;
    document.body.classList.add("touching");
  }

  private each(act: (stick: Stick) => void): void {
    act(this.move);
    act(this.look);
  }
}
