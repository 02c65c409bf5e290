// join_screen.ts - the first thing a player sees: name, quick match, code, create, open matches.
import {
  type GameInfo, type JoinRequest, JoinError, type RoomInfo, type Waiting,
} from "skirmish-sdk";

import { constants } from "../../generated/arena";
import { client } from "../games";
import { showForm } from "../mode";
import { byId } from "./dom";
import { NewRoom, mapNames } from "./new_room";
import { refusalWords, waitingWords } from "./refusal";
import { RoomList } from "./room_list";

const NAME_KEY = "skirmish.name";
const GAMES_MS = 3000; // until they are asked for again when the server did not answer

export class JoinScreen {
  private readonly name = byId<HTMLInputElement>("name");
  private readonly code = byId<HTMLInputElement>("code");
  private readonly password = byId<HTMLInputElement>("password");
  private readonly game = byId<HTMLSelectElement>("game");
  private readonly error = byId("join-error");
  private readonly newRoom = new NewRoom();
  private readonly rooms = new RoomList((room, spectate) => void this.enter(room, spectate));
  private games: readonly GameInfo[] = [];
  private offersNew = false;
  private isJoining = false;
  private spectates = false; // in the room whose code is typed
  private lastPassword = "";

  /** `join` tries to get in; what it rejects with is shown. */
  constructor(private readonly join: (request: JoinRequest) => Promise<void>) {
    this.name.value = localStorage.getItem(NAME_KEY) ?? "";
    this.code.value = new URLSearchParams(location.search).get("room") ?? "";
    byId("join-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void (this.code.value ? this.enterCode() : this.submit(this.gameWish()));
    });
    byId("quick-teams").addEventListener("click", () => void this.playTeams());
    byId("join-code").addEventListener("click", () => void this.enterCode());
    byId("create").addEventListener("click", () => this.create());
    this.code.addEventListener("input", () => {
      this.spectates = false;
      this.nameButton();
    });
    this.game.addEventListener("change", () => this.chooseGame());
    this.nameButton();
    void this.loadGames();
  }

  /** Shows the form; `words`, when a match has just ended, why, and offers another. */
  show(words = ""): void {
    showForm();
    this.error.textContent = words;
    this.error.className = "";
    this.offersNew = words !== "";
    if (this.offersNew) this.code.value = "";
    this.spectates = false;
    this.askPassword(false);
    this.nameButton();
    this.rooms.start();
  }

  /** Gives the keys to the button that starts a match. */
  focus(): void {
    byId("quick").focus();
  }

  hide(): void {
    this.rooms.stop();
  }

  /** Into a room that one has just left, to play or to watch. */
  again(room: string, spectate: boolean): Promise<void> {
    const password = this.lastPassword;
    return this.submit({ room, spectate, ...(password !== "" && { password }) });
  }

  /** The server asks for patience. */
  showWaiting(waiting: Waiting): void {
    this.error.textContent = waitingWords(waiting);
    this.error.className = "calm";
  }

  private typedCode(): string {
    return this.code.value.trim().toUpperCase();
  }

  private nameButton(): void {
    const play = this.offersNew ? "Play a new match" : "Play now";
    const enter = `${this.spectates ? "Watch" : "Join"} ${this.typedCode()}`;
    byId("quick").textContent = this.code.value ? enter : play;
  }

  /** The game that was chosen, where there is a choice. */
  private gameWish(): Pick<JoinRequest, "game"> {
    return this.game.value ? { game: this.game.value } : {};
  }

  private playTeams(): Promise<void> {
    return this.submit({ ...this.gameWish(), options: { mode: constants.mode_teams } });
  }

  private create(): void {
    const room = this.newRoom.read();
    if (room) void this.submit({ create: true, ...room, ...this.gameWish() });
  }

  private enter(room: RoomInfo, spectate: boolean): Promise<void> | void {
    if (room.locked && room.room !== this.typedCode()) this.password.value = "";
    this.code.value = room.room;
    this.spectates = spectate;
    this.nameButton();
    if (room.locked && this.password.value === "") return this.askPassword(true);
    return this.enterCode();
  }

  private enterCode(): Promise<void> {
    const password = this.password.value;
    const [room, spectate] = [this.typedCode(), this.spectates];
    return this.submit({ room, spectate, ...(password !== "" && { password }) });
  }

  private async submit(how: Omit<JoinRequest, "name">): Promise<void> {
    if (this.isJoining) return; // the list goes on showing new rooms meanwhile
    const name = this.name.value.trim() || "Rookie";
    const from = document.activeElement;
    localStorage.setItem(NAME_KEY, this.name.value.trim());
    this.lastPassword = how.password ?? "";
    this.error.textContent = "";
    this.setJoining(true);
    const refusal = await this.attempt({ name, ...how }).finally(() => this.setJoining(false));
    if (!refusal) return;
    if (from instanceof HTMLElement) from.focus(); // disabling it took the focus
    this.error.textContent = refusalWords(refusal, how.room);
    this.error.className = "";
    if (refusal.word === "room_password") this.askPassword(true);
  }

  /** What it was refused with, undefined when it was not. */
  private async attempt(request: JoinRequest): Promise<JoinError | undefined> {
    try {
      await this.join(request);
      return undefined;
    } catch (error) {
      if (error instanceof JoinError) return error;
      throw error;
    }
  }

  private askPassword(on: boolean): void {
    byId("password-row").hidden = !on;
    if (on) this.password.focus();
    else this.password.value = "";
  }

  private setJoining(on: boolean): void {
    this.isJoining = on;
    for (const button of byId("join").querySelectorAll("button")) button.disabled = on;
  }

  private async loadGames(): Promise<void> {
    try {
      this.games = await client.listGames();
    } catch (error) {
      if (!(error instanceof JoinError)) throw error;
      setTimeout(() => void this.loadGames(), GAMES_MS);
      return;
    }
    const wished = new URLSearchParams(location.search).get("game");
    this.game.replaceChildren(...this.games.map(({ game }) => new Option(game)));
    this.game.value = this.games.find(({ game }) => game === wished)?.game ?? this.games[0]!.game;
    byId("game-row").hidden = this.games.length < 2;
    this.chooseGame();
  }

  /** A number does, should they not come. */
  private async nameMaps(game: GameInfo): Promise<void> {
    if (game.game !== "arena") return;
    const content = await client.content(game).catch(() => undefined);
    if (!content || this.game.value !== game.game) return;
    this.newRoom.nameMaps(mapNames(new TextDecoder().decode(content)));
  }

  private chooseGame(): void {
    const chosen = this.games.find(({ game }) => game === this.game.value);
    if (!chosen) return;
    this.newRoom.offer(chosen);
    void this.nameMaps(chosen);
    const plain = chosen.game !== "arena";
    byId("join").classList.toggle("plain", plain);
    byId("quick-teams").hidden = plain;
    if (plain) byId("tagline").textContent = `Game: ${chosen.game}`;
    else byId("tagline").textContent = "Two guns. One floor. Four minutes.";
  }
}
