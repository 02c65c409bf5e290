// mute.ts - sound on and off, remembered.
import type { Synth } from "../sound/synth";
import { byId } from "./dom";

const KEY = "skirmish.muted";

export function setUpMute(synth: Synth): void {
  const button = byId("mute");
  const set = (muted: boolean) => {
    synth.muted = muted;
    button.textContent = muted ? "Sound off" : "Sound on";
    localStorage.setItem(KEY, muted ? "yes" : "no");
  };
  set(localStorage.getItem(KEY) === "yes");
  button.addEventListener("click", () => set(!synth.muted));
  addEventListener("keydown", (event) => {
    if (event.code === "KeyM" && !(event.target instanceof HTMLInputElement)) set(!synth.muted);
  });
}
