// link_form.ts - the link simulator by hand: what it is set to, and a stall.
import type { LinkSimulator } from "skirmish-sdk";

import { make } from "../ui/dom";

const STALL_MS = 2000;
const STALL_MS_MAX = 9000; // of ten seconds
const PERCENT = 100;

type Setting = "lagMs" | "varianceMs" | "lossShare" | "bytesPerSecond" | "stallMs";

const settings: readonly { name: Setting; label: string; most: number; unit: number }[] = [
  { name: "lagMs", label: "lag, ms", most: 2000, unit: 1 },
  { name: "varianceMs", label: "varies by, ms", most: 1000, unit: 1 },
  { name: "lossShare", label: "loss, %", most: 50, unit: PERCENT },
  { name: "bytesPerSecond", label: "bytes/s, 0: all", most: 10000000, unit: 1 },
  { name: "stallMs", label: "stalls, ms of 10 s", most: STALL_MS_MAX, unit: 1 },
];

export function makeLinkForm(link: LinkSimulator): HTMLElement {
  const form = make("details");
  form.append(make("summary", "A worse line"));
  for (const { name, label, most, unit } of settings) {
    const field = make("label", label);
    const input = document.createElement("input");
    Object.assign(input, { type: "number", min: "0", max: String(most), id: `link-${name}` });
    input.value = String(link[name] * unit);
    input.addEventListener("input", () => {
      link[name] = Math.max(0, Math.min(most, Number(input.value) || 0)) / unit;
    });
    field.append(input);
    form.append(field);
  }
  const stall = make("button", `Stall for ${STALL_MS / 1000} s`) as HTMLButtonElement;
  stall.type = "button";
  stall.addEventListener("click", () => link.stall(STALL_MS));
  form.append(stall);
  return form;
}

/** "lag:150,variance:20,loss:2,rate:20000,stall:900,seed:7", as the page's address has it. */
export function parseLink(text: string): Partial<Record<Setting | "seed", number>> {
  const given = new Map(text.split(",").map((part) => {
    const [name, value] = part.split(":");
    return [name, Number(value)] as const;
  }));
  const number = (name: string) => {
    const value = given.get(name);
    return value !== undefined && value >= 0 && Number.isFinite(value) ? value : 0;
  };
  return {
    lagMs: number("lag"), varianceMs: number("variance"), lossShare: number("loss") / PERCENT,
    bytesPerSecond: number("rate"), stallMs: Math.min(number("stall"), STALL_MS_MAX),
    seed: number("seed") || 1,
  };
}
