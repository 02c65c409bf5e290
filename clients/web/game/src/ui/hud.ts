// hud.ts - health, weapons, clock, rank and what was just said in the middle of the screen.
import type { PlayerView, Scene } from "../arena/scene";
import { TextSlot, byId, replay } from "./dom";

const LATE_SECONDS = 15;

export class Hud {
  private readonly health = new TextSlot(byId("health-number"));
  private readonly clock = new TextSlot(byId("clock"));
  private readonly rankPlace: TextSlot;
  private readonly rankScore: TextSlot;
  private readonly fill = byId("health-fill");
  private readonly vital: HTMLElement = this.fill.closest<HTMLElement>(".vital")!;
  private readonly weapons = [...document.querySelectorAll<HTMLElement>(".weapon")];
  private readonly ammo = this.weapons.map((weapon) => new TextSlot(weapon.querySelector("b")!));
  private readonly dash = byId("dash-light");
  private readonly respawn = new TextSlot(byId("respawn"));
  private shownHealth = -1;
  private shownWeapon = -1;
  private shownLate = false;

  constructor() {
    const rank = byId("rank");
    this.rankPlace = new TextSlot(rank.appendChild(document.createElement("b")));
    this.rankScore = new TextSlot(rank.appendChild(document.createElement("span")));
  }

  frame(scene: Scene): void {
    const me = scene.find(scene.me);
    const seconds = Math.max(0, Math.ceil(scene.secondsLeft));
    this.clock.set(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
    this.showLate(seconds <= LATE_SECONDS && !scene.over);
    if (me) this.showSelf(me, scene);
  }

  hurt(): void {
    replay(byId("hurt"));
  }

  call(words: string): void {
    const callout = byId("callout");
    callout.textContent = words;
    replay(callout);
  }

  private showLate(late: boolean): void {
    if (late === this.shownLate) return;
    this.shownLate = late;
    byId("clock").classList.toggle("late", late);
  }

  private showSelf(me: PlayerView, scene: Scene): void {
    const health = me.alive ? Math.round(me.health * 100) : 0;
    if (health !== this.shownHealth) {
      this.shownHealth = health;
      this.health.set(String(health));
      this.fill.style.transform = `scaleX(${health / 100})`;
      this.vital.classList.toggle("low", health <= 30);
    }
    if (me.weapon !== this.shownWeapon) {
      this.shownWeapon = me.weapon;
      this.weapons.forEach((weapon, i) => weapon.classList.toggle("chosen", i === me.weapon));
    }
    this.dash.classList.toggle("ready", scene.dashReady && me.alive);
    const waiting = !me.alive && !scene.over;
    this.respawn.set(waiting ? `Back in ${Math.ceil(scene.respawnSeconds)}` : "");
    this.ammo[0]?.set("\u221e");
    this.ammo[1]?.set(scene.slugs === undefined ? "" : String(scene.slugs));
    this.rankPlace.set(`#${placeOf(me, scene)}`);
    this.rankScore.set(`${me.score} ${me.score === 1 ? "point" : "points"}`);
  }
}

function placeOf(me: PlayerView, scene: Scene): number {
  let place = 1;
  for (let i = 0; i < scene.players.count; i++) {
    if (scene.players.get(i).score > me.score) place++;
  }
  return place;
}
