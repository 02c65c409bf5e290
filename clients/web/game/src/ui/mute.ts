// mute.ts - sound on and off, remembered.
import { isControl, isPlaying } from "../mode";
import type { Synth } from "../sound/synth";
import { byId } from "./dom";

const KEY = "skirmish.muted";

export function setUpMute(synth: Synth): void {
  const button = byId("mute");
  const label = button.querySelector("span")!;
  const set = (muted: boolean) => {
    synth.muted = muted;
    label.textContent = muted ? "Sound off" : "Sound on";
    button.setAttribute("aria-pressed", String(muted));
    localStorage.setItem(KEY, muted ? "yes" : "no");
  };
  set(localStorage.getItem(KEY) === "yes");
  button.addEventListener("click", () => set(!synth.muted));
  addEventListener("keydown", (event) => {
    if (event.code === "KeyM" && isPlaying() && !isControl(event.target)) set(!synth.muted);
  });
}
