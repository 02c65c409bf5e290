// room_list.ts - the open matches, read again every few seconds.  A row that stays is the same
// element, so that it keeps the focus.
import { JoinError, type RoomInfo } from "skirmish-sdk";

import { client } from "../games";
import { byId, make } from "./dom";
import { modeWords } from "./new_room";

const ROOMS_MS = 3000;
const ROOMS_MAX = 100; // nobody reads more

export class RoomList {
  private readonly list = byId("rooms");
  private readonly items = new Map<string, HTMLElement>();
  private timer = 0;

  constructor(private readonly choose: (room: RoomInfo, spectate: boolean) => void) {}

  start(): void {
    this.stop();
    this.timer = window.setInterval(() => void this.refresh(), ROOMS_MS);
    void this.refresh();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async refresh(): Promise<void> {
    try {
      this.show(await client.listRooms(ROOMS_MAX));
    } catch (error) {
      if (!(error instanceof JoinError)) throw error;
      this.say("The server does not answer.");
    }
  }

  private show(rooms: readonly RoomInfo[]): void {
    if (rooms.length === 0) return this.say("None yet. Be the first.");
    const codes = new Set(rooms.map(({ room }) => room));
    for (const [code, item] of this.items) {
      if (codes.has(code)) continue;
      item.remove();
      this.items.delete(code);
    }
    this.list.querySelector(".none")?.remove();
    for (const room of rooms) this.fill(this.itemOf(room.room), room);
  }

  private say(words: string): void {
    this.items.clear();
    this.list.replaceChildren(make("li", words, "none"));
  }

  private itemOf(code: string): HTMLElement {
    const kept = this.items.get(code);
    if (kept) return kept;
    const item = make("li");
    const button = item.appendChild(make("button")) as HTMLButtonElement;
    button.type = "button";
    const name = make("span", code, "code");
    name.append(makeLock());
    button.append(name, make("span", "", "count"));
    const watch = item.appendChild(make("button", "Watch", "watch")) as HTMLButtonElement;
    watch.type = "button";
    watch.id = `watch-${code}`;
    watch.ariaLabel = `Watch room ${code}`;
    this.list.append(item);
    this.items.set(code, item);
    return item;
  }

  private fill(item: HTMLElement, room: RoomInfo): void {
    const button = item.querySelector("button")!;
    const bots = room.bots > 0 ? ` + ${room.bots} bots` : "";
    const state = room.state === "full" ? ", full" : "";
    const mode = modeWords(room);
    const count = `${mode && `${mode}, `}${room.players} of ${room.playersMax}${bots}${state}`;
    button.classList.toggle("locked", room.locked);
    button.title = room.locked ? "asks for a password" : "";
    button.lastElementChild!.textContent = count;
    button.onclick = () => this.choose(room, false);
    item.querySelector<HTMLElement>(".watch")!.onclick = () => this.choose(room, true);
  }
}

function makeLock(): SVGElement {
  const lock = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  lock.setAttribute("viewBox", "0 0 13 15");
  lock.setAttribute("role", "img");
  lock.ariaLabel = "locked";
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", "M2 7h9v7H2zM4 7V4a2.5 2.5 0 0 1 5 0v3");
  lock.append(shape);
  return lock;
}
