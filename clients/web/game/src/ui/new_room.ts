// new_room.ts - what a new room may be told: who may come in, how many, and the game's own options,
// as the server lists them.
import type { GameInfo, JoinRequest } from "skirmish-sdk";

import { byId, make } from "./dom";

export class NewRoom {
  private readonly details = byId<HTMLDetailsElement>("new-room");
  private readonly password = byId<HTMLInputElement>("new-password");
  private readonly playersMax = byId<HTMLInputElement>("new-players");
  private readonly list = byId("game-options");
  private options: HTMLInputElement[] = [];

  /** Offers the options of a game. */
  offer(game: GameInfo): void {
    limit(this.playersMax, game.playersMin, game.playersMax, game.playersMax);
    this.options = game.options.map(({ name, min, max, default: usual }) => {
      const input = document.createElement("input");
      input.type = "number";
      input.id = `option-${name}`;
      input.name = name;
      limit(input, min, max, usual);
      return input;
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

function labelled(input: HTMLInputElement): HTMLElement {
  const label = make("label", input.name.replaceAll("_", " "));
  label.append(input);
  return label;
}
