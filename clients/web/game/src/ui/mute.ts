// mute.ts - the button and the key that turn the sound on and off.
import { isControl, isPlaying } from "../mode";
import type { SettingsStore } from "../settings";
import { byId } from "./dom";

export function setUpMute(store: SettingsStore): void {
  const button = byId("mute");
  const label = button.querySelector("span")!;
  const toggle = () => store.change({ muted: !store.value.muted });
  store.follow(({ muted, keys }) => {
    label.textContent = muted ? "Sound off" : "Sound on";
    button.setAttribute("aria-pressed", String(muted));
    button.title = `Sound on or off (${keys.mute.replace("Key", "")})`;
  });
  button.addEventListener("click", toggle);
  addEventListener("keydown", ({ code, target }) => {
    if (code === store.value.keys.mute && isPlaying() && !isControl(target)) toggle();
  });
}
