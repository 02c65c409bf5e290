// hud.ts - health, weapons, clock, rank and what was just said in the middle of the screen.
import type { PlayerView, Scene } from "../arena/scene";
import { counted, placeOf, rankTitle } from "../arena/standing";
import { teamMarks, teamNames } from "../arena/teams";
import type { Insets } from "../render/renderer";
import { TextSlot, byId, replay } from "./dom";

const LATE_SECONDS = 15;
const LOW_HEALTH = 30;
const WEAPONS = ["blaster", "rail"] as const;

export class Hud {
  private readonly health = new TextSlot(byId("health-number"));
  private readonly clock = new TextSlot(byId("clock"));
  private readonly rankPlace: TextSlot;
  private readonly rankScore: TextSlot;
  private readonly healthWord = new TextSlot(byId("health-word"));
  private readonly fill = byId("health-fill");
  private readonly vital: HTMLElement = this.fill.closest<HTMLElement>(".vital")!;
  private readonly weapons = [...document.querySelectorAll<HTMLElement>(".weapon")];
  private readonly ammo = this.weapons.map((weapon) => new TextSlot(weapon.querySelector("b")!));
  private readonly dashLights = [byId("dash-light"), byId("dash")];
  private readonly swap = new TextSlot(byId("swap").querySelector("b")!);
  private readonly swapAmmo = new TextSlot(byId("swap").querySelector("small")!);
  private readonly teams = byId("teams");
  private readonly teamSlots = [1, 2].map((team) => new TextSlot(byId(`team-${team}`)));
  private shownTeam = -1;
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
    this.showTeams(scene, me?.team ?? 0);
    if (me) this.showSelf(me, scene);
  }

  /** How much of the screen's top and bottom lies under panels, in CSS pixels; the feed of kills
   * counts as full. */
  insets(): Insets {
    const thumbs = [byId("dash"), byId("swap")];
    const panels = [byId("feed"), this.teams, this.vital, byId("weapons"), ...thumbs];
    const insets = { top: 0, bottom: 0 };
    for (const panel of panels) {
      const { top, bottom, height } = panel.getBoundingClientRect();
      if (height === 0) continue;
      if (top < innerHeight / 2) insets.top = Math.max(insets.top, bottom);
      else insets.bottom = Math.max(insets.bottom, innerHeight - top);
    }
    return insets;
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

  /** The score of both teams; the own one is underlined. */
  private showTeams(scene: Scene, own: number): void {
    const shown = scene.teams ? own : -1;
    for (const team of [1, 2] as const) {
      const words = `${teamMarks[team]} ${teamNames[team]} ${scene.teamScores[team]}`;
      this.teamSlots[team - 1]!.set(scene.teams ? words : "");
    }
    if (shown === this.shownTeam) return;
    this.shownTeam = shown;
    this.teams.hidden = !scene.teams;
    for (const team of [1, 2]) byId(`team-${team}`).classList.toggle("own", team === own);
  }

  private showSelf(me: PlayerView, scene: Scene): void {
    const health = me.alive ? Math.round(me.health * 100) : 0;
    if (health !== this.shownHealth) {
      this.shownHealth = health;
      this.health.set(String(health));
      this.fill.style.transform = `scaleX(${health / 100})`;
      this.vital.classList.toggle("low", health <= LOW_HEALTH);
      this.healthWord.set(health > 0 && health <= LOW_HEALTH ? "low" : "");
    }
    if (me.weapon !== this.shownWeapon) {
      this.shownWeapon = me.weapon;
      this.weapons.forEach((weapon, i) => weapon.classList.toggle("chosen", i === me.weapon));
    }
    for (const light of this.dashLights) {
      light.classList.toggle("ready", scene.dashReady && me.alive);
    }
    const ammo = ["\u221e", scene.slugs === undefined ? "" : String(scene.slugs)] as const;
    ammo.forEach((text, i) => this.ammo[i]?.set(text));
    this.swap.set(WEAPONS[me.weapon] ?? "");
    this.swapAmmo.set(ammo[me.weapon] ?? "");
    this.rankPlace.set(`#${placeOf(me, scene)}`);
    this.rankScore.set(`${counted(me.score, "kill")}, ${rankTitle(me.rank)}`);
  }
}
