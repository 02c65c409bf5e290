// watch_panel.ts - who is watched, in words: after death who did it and when one is back; for a
// spectator the player, with buttons to the one before and the next.
import type { Killed, Scene } from "../arena/scene";
import { counted } from "../arena/standing";
import { teamMarks } from "../arena/teams";
import type { Watcher } from "../watcher";
import { TextSlot, byId } from "./dom";

const WEAPON_WORDS = ["the blaster", "the rail"] as const;

export class WatchPanel {
  /** Called with 1 for the next player, -1 for the one before. */
  onNext: (direction: number) => void = () => {};
  private readonly panel = byId("watch");
  private readonly words = new TextSlot(byId("watch-words"));
  private readonly more = new TextSlot(byId("watch-more"));
  private killed: Killed | undefined;
  private shown = "";

  constructor() {
    byId("watch-previous").addEventListener("click", () => this.onNext(-1));
    byId("watch-next").addEventListener("click", () => this.onNext(1));
  }

  /** What the own death was. */
  tell(killed: Killed): void {
    this.killed = killed;
  }

  frame(scene: Scene, watcher: Watcher, nameOf: (player: number) => string): void {
    const own = scene.find(scene.me);
    const waits = own && !own.alive && !scene.over;
    this.setState(scene.me < 0 ? "spectating" : waits ? "dead" : "playing");
    if (this.shown === "dead") this.showDeath(scene, watcher, nameOf);
    if (this.shown === "spectating") this.showWatched(scene, watcher, nameOf);
  }

  hide(): void {
    this.setState("playing");
  }

  private setState(state: string): void {
    if (state === this.shown) return;
    this.shown = state;
    this.panel.hidden = state === "playing";
    document.body.classList.toggle("spectating", state === "spectating");
  }

  private showDeath(scene: Scene, watcher: Watcher, nameOf: (player: number) => string): void {
    const { target } = watcher;
    const by = this.killed?.by ?? -1;
    const how = WEAPON_WORDS[this.killed?.weapon ?? -1] ?? "a shot";
    const back = `Back in ${Math.ceil(scene.respawnSeconds)}`;
    const isKiller = by >= 0 && by === target;
    const other = `You watch ${named(scene, target, nameOf)}`;
    const watched = target === scene.me ? "You are down" : other;
    this.words.set(isKiller ? `${named(scene, by, nameOf)} got you with ${how}` : watched);
    this.more.set(isKiller ? `${healthOf(scene, by)}. ${back}` : back);
  }

  private showWatched(scene: Scene, watcher: Watcher, nameOf: (player: number) => string): void {
    const { target, isFree } = watcher;
    const view = scene.find(target);
    if (!view) {
      this.words.set(isFree ? "You look about" : "Nobody is here to watch");
      this.more.set(isFree ? "Q or an arrow goes back to a player" : "");
      return;
    }
    this.words.set(`You watch ${named(scene, target, nameOf)}`);
    this.more.set(`${healthOf(scene, target)}, ${counted(view.score, "kill")}. Move to look about`);
  }
}

/** With the shape of the team. */
function named(scene: Scene, player: number, nameOf: (player: number) => string): string {
  return `${teamMarks[scene.find(player)?.team ?? 0] ?? ""} ${nameOf(player)}`.trim();
}

function healthOf(scene: Scene, player: number): string {
  const view = scene.find(player);
  return view?.alive ? `${Math.round(view.health * 100)} health left` : "Down";
}
