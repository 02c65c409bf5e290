// kill_feed.ts - who got whom, for a few seconds.
import { byId, make } from "./dom";

const SHOWN_MS = 6000;
const LINES_MAX = 4;

export class KillFeed {
  private readonly list = byId("feed");

  add(by: string, byColor: string, how: string, name: string, color: string, mine: boolean): void {
    const line = make("li", "", mine ? "mine" : "");
    const killer = make("span", by);
    const victim = make("span", name);
    killer.style.color = byColor;
    victim.style.color = color;
    line.append(killer, make("i", how), victim);
    this.show(line);
  }

  /** Something about one player. */
  tell(name: string, color: string, words: string, mine: boolean): void {
    const line = make("li", "", mine ? "mine" : "");
    const who = make("span", name);
    who.style.color = color;
    line.append(who, make("i", words));
    this.show(line);
  }

  clear(): void {
    this.list.replaceChildren();
  }

  private show(line: HTMLElement): void {
    this.list.append(line);
    while (this.list.childElementCount > LINES_MAX) this.list.firstElementChild?.remove();
    setTimeout(() => line.remove(), SHOWN_MS);
  }
}
