// new_room.ts - what a new room may be told: who may come in, how many, and the game's own options,
// as the server lists them.
import type { Game, GameInfo, GameOption, JoinRequest, RoomInfo } from "skirmish-sdk";

import * as arena from "../../generated/arena";
import { games } from "../../generated/games";
import { parseMaps } from "../arena/tile_map";
import { byId, make } from "./dom";

/** Names of an option's values: the game's constants OPTION_VALUE, by value; undefined for one that
 * is a number. */
export function valueNames(game: string, { name, min, max }: GameOption): string[] | undefined {
  const constants: Readonly<Record<string, number>> = known[game]?.tables.constants ?? {};
  const names: string[] = [];
  for (const [key, value] of Object.entries(constants)) {
    if (!key.startsWith(`${name}_`)) continue;
    names[value] = key.slice(name.length + 1).replaceAll("_", " ");
  }
  if (game === "arena" && name === MAP_OPTION) return numberedMaps(max);
  for (let value = min; value <= max; value++) if (!names[value]) return undefined;
  return names;
}

/** Until the maps themselves are there. */
function numberedMaps(count: number): string[] {
  return [IN_TURN, ...Array.from({ length: count }, (_, i) => `map ${i + 1}`)];
}

/** What the option for a map may be: the maps that there are, or each in its turn. */
export function mapNames(source: string): string[] {
  return [IN_TURN, ...parseMaps(source).map(({ name }) => name)];
}

/** How a room's match is played, where that is not the usual way; else "". */
export function modeWords({ game, options }: Pick<RoomInfo, "game" | "options">): string {
  const mode = game === "arena" ? (options.mode ?? 0) : 0;
  const option = arena.options.find(({ name }) => name === "mode")!;
  return mode > 0 ? (valueNames(game, option)?.[mode] ?? "") : "";
}

const known: Readonly<Record<string, Game>> = games;
const MAP_OPTION = "map"; // of the arena
const IN_TURN = "each in turn";
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
      const names = valueNames(game.game, option);
      const field = names ? makeChoice(option, names) : makeNumber(option);
      field.id = `option-${option.name}`;
      field.name = option.name;
      return field;
    });
    this.list.replaceChildren(...this.options.map(labelled));
  }

  /** The maps' own names, and none beyond them; what was chosen stays. */
  nameMaps(names: readonly string[]): void {
    const field = this.options.find(({ name }) => name === MAP_OPTION);
    if (!(field instanceof HTMLSelectElement)) return;
    for (const option of [...field.options]) {
      const name = names[Number(option.value)];
      if (name === undefined) option.remove();
      else option.text = name;
    }
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
  names.forEach((name, value) => select.add(new Option(name, String(value))));
  select.value = String(option.default);
  return select;
}

function labelled(input: Field): HTMLElement {
  const label = make("label", input.name.replaceAll("_", " "));
  label.append(input);
  return label;
}
