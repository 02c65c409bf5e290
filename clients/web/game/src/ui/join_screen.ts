// join_screen.ts - the first thing a player sees: name, quick match, code, create, open matches.
import { type JoinRequest, JoinError, type RoomInfo, listRooms } from "skirmish-sdk";

import { byId, make } from "./dom";

const ROOMS_MS = 3000;
const NAME_KEY = "skirmish.name";

export class JoinScreen {
  private readonly name = byId<HTMLInputElement>("name");
  private readonly code = byId<HTMLInputElement>("code");
  private readonly error = byId("join-error");
  private readonly rooms = byId("rooms");
  private timer = 0;

  /** `join` tries to get in; what it rejects with is shown. */
  constructor(private readonly join: (request: JoinRequest) => Promise<void>) {
    this.name.value = localStorage.getItem(NAME_KEY) ?? "";
    this.code.value = new URLSearchParams(location.search).get("room") ?? "";
    byId("join-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit(this.code.value ? { room: this.typedCode() } : {});
    });
    byId("join-code").addEventListener("click", () => void this.submit({ room: this.typedCode() }));
    byId("create").addEventListener("click", () => {
      void this.submit({ create: true, public: byId<HTMLInputElement>("public").checked });
    });
    this.code.addEventListener("input", () => this.nameButton());
    this.nameButton();
  }

  show(words = ""): void {
    document.body.className = "joining";
    this.error.textContent = words;
    clearInterval(this.timer);
    this.timer = window.setInterval(() => void this.refresh(), ROOMS_MS);
    void this.refresh();
  }

  hide(): void {
    clearInterval(this.timer);
  }

  private typedCode(): string {
    return this.code.value.trim().toUpperCase();
  }

  private nameButton(): void {
    byId("quick").textContent = this.code.value ? `Join ${this.typedCode()}` : "Play now";
  }

  private async submit(how: Omit<JoinRequest, "name">): Promise<void> {
    const name = this.name.value.trim() || "Rookie";
    localStorage.setItem(NAME_KEY, this.name.value.trim());
    this.error.textContent = "";
    this.enable(false);
    try {
      await this.join({ name, ...how });
    } catch (error) {
      if (!(error instanceof JoinError)) throw error;
      this.error.textContent = `Not this time: ${error.sentence}.`;
    } finally {
      this.enable(true);
    }
  }

  private enable(on: boolean): void {
    for (const button of byId("join").querySelectorAll("button")) button.disabled = !on;
  }

  private async refresh(): Promise<void> {
    try {
      this.showRooms(await listRooms(new URL(location.href)));
    } catch (error) {
      if (!(error instanceof JoinError)) throw error;
      this.rooms.replaceChildren(make("li", "The server does not answer.", "none"));
    }
  }

  private showRooms(rooms: readonly RoomInfo[]): void {
    const items = rooms.map((room) => this.roomItem(room));
    if (items.length === 0) items.push(make("li", "None yet. Be the first.", "none"));
    this.rooms.replaceChildren(...items);
  }

  private roomItem(room: RoomInfo): HTMLElement {
    const item = make("li");
    const button = item.appendChild(make("button")) as HTMLButtonElement;
    button.type = "button";
    button.append(make("span", room.room, "code"));
    const bots = room.bots > 0 ? `, ${room.bots} bots` : "";
    button.append(make("span", `${room.players} of ${room.playersMax}${bots}`, "count"));
    button.addEventListener("click", () => void this.submit({ room: room.room }));
    return item;
  }
}
