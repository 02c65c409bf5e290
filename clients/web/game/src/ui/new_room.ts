// new_room.ts - what a new room may be told: who may come in, how many, and the game's own options,
// as the server lists them.
import type { GameInfo, GameOption, JoinRequest, RoomInfo } from "skirmish-sdk";

import { byId, make } from "./dom";

/** Options whose values have names, by number, in the arena. */
const valueNames: Readonly<Record<string, readonly string[]>> = {
  mode: ["free for all", "teams"],
  bot_skill: ["gentle", "fair", "sharp", "merciless"],
};

/** How a room's match is played, where that is not the usual way; else "". */
export function modeWords({ game, options }: Pick<RoomInfo, "game" | "options">): string {
  const mode = game === "arena" ? (options.mode ?? 0) : 0;
  return mode > 0 ? (valueNames.mode?.[mode] ?? "") : "";
}

type Field = HTMLInputElement | HTMLSelectElement;

export class NewRoom {
  private readonly details = byId<HTMLDetailsElement>("new-room");
  private readonly password = byId<HTMLInputElement>("new-password");
  private readonly playersMax = byId<HTMLInputElement>("new-players");
  private readonly list = byId("game-options");
  private options: Field[] = [];

  /** Offers the options of a game. */
  offer(game: GameInfo): void {
    limit(this.playersMax, game.playersMin, game.playersMax, game.playersMax);
    this.options = game.options.map((option) => {
      const names = game.game === "arena" ? valueNames[option.name] : undefined;
      const field = names ? makeChoice(option, names) : makeNumber(option);
      field.id = `option-${option.name}`;
      field.name = option.name;
      return field;
    });
    this.list.replaceChildren(...this.options.map(labelled));
  }

  /** What was filled in; undefined, and the field said to be wrong, when a number does not fit. */
  read(): Partial<JoinRequest> | undefined {
    for (const input of [this.playersMax, ...this.options]) {
      if (input.checkValidity()) continue;
      this.details.open = true;
      input.reportValidity();
      return undefined;
    }
    const said = this.options.filter(({ value }) => value !== "");
    const options = Object.fromEntries(said.map(({ name, value }) => [name, Number(value)]));
    return {
      public: byId<HTMLInputElement>("public").checked,
      ...(said.length > 0 && { options }),
      ...(this.password.value !== "" && { password: this.password.value }),
      ...(this.playersMax.value !== "" && { playersMax: Number(this.playersMax.value) }),
    };
  }
}

function limit(input: HTMLInputElement, min: number, max: number, usual: number): void {
  input.min = String(min);
  input.max = String(max);
  input.placeholder = String(usual);
  input.title = `${min} to ${max}`;
}

function makeNumber({ min, max, default: usual }: GameOption): HTMLInputElement {
  const input = document.createElement("input");
  input.type = "number";
  limit(input, min, max, usual);
  return input;
}

function makeChoice(option: GameOption, names: readonly string[]): HTMLSelectElement {
  const select = document.createElement("select");
  for (let value = option.min; value <= option.max; value++) {
    select.add(new Option(names[value] ?? String(value), String(value)));
  }
  select.value = String(option.default);
  return select;
}

function labelled(input: Field): HTMLElement {
  const label = make("label", input.name.replaceAll("_", " "));
  label.append(input);
  return label;
}
