// settings_dialog.ts - the settings on the screen: a dialog over form or match, by its button or
// key, for keyboard, mouse and thumbs.  A match goes on behind it.
import { isControl, isPlaying, isSpectating } from "../mode";
import {
  type Action, type Settings, type SettingsStore, actions, keyWords, motions, palettes, rebind,
  usual,
} from "../settings";
import { byId, make } from "./dom";
import { focusGame } from "./tools";

/** The overlay, as far as the settings care. */
interface Switch {
  readonly isOpen: boolean;
  show(open: boolean): void;
}

const actionWords: Readonly<Record<Action, string>> = {
  up: "walk up", left: "walk left", down: "walk down", right: "walk right", fire: "fire",
  dash: "dash", blaster: "take the blaster", rail: "take the rail", swap: "other gun, next player",
  scores: "scores", mute: "sound on or off", settings: "settings",
};

export class SettingsDialog {
  private readonly dialog = byId<HTMLDialogElement>("settings");
  private readonly words = byId("settings-words");
  private readonly volume = byId<HTMLInputElement>("volume");
  private readonly palette = byId<HTMLSelectElement>("palette");
  private readonly motion = byId<HTMLSelectElement>("motion");
  private readonly overlayBox = byId<HTMLInputElement>("overlay-open");
  private readonly buttons = new Map<Action, HTMLElement>();
  private waiting: Action | undefined; // whose key is asked for

  constructor(private readonly store: SettingsStore, private readonly overlay: Switch) {
    this.addKeys();
    this.listen();
    store.follow((settings) => this.show(settings));
  }

  private addKeys(): void {
    const list = byId("settings-keys");
    for (const action of actions) {
      const label = make("label", actionWords[action]);
      const button = make("button") as HTMLButtonElement;
      button.type = "button";
      button.id = `key-${action}`;
      button.addEventListener("click", () => this.ask(action));
      label.append(button);
      list.append(label);
      this.buttons.set(action, button);
    }
  }

  private listen(): void {
    const { store, dialog } = this;
    for (const opener of ["settings-open", "settings-form"]) {
      byId(opener).addEventListener("click", () => this.open());
    }
    this.volume.addEventListener("input", () => {
      store.change({ volume: Number(this.volume.value) / 100, muted: false });
    });
    this.palette.addEventListener("change", () => {
      store.change({ palette: palettes.find((name) => name === this.palette.value)! });
    });
    this.motion.addEventListener("change", () => {
      store.change({ motion: motions.find((name) => name === this.motion.value)! });
    });
    this.overlayBox.addEventListener("change", () => this.overlay.show(this.overlayBox.checked));
    byId("settings-usual").addEventListener("click", () => store.change(usual));
    byId("settings-close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("keydown", (event) => this.onKey(event));
    dialog.addEventListener("close", () => this.closed());
    addEventListener("keydown", (event) => this.onGameKey(event));
  }

  private open(): void {
    if (this.dialog.open) return;
    this.say("");
    this.overlayBox.checked = this.overlay.isOpen;
    const watch = byId("settings-watch");
    watch.hidden = !isPlaying();
    watch.textContent = isSpectating() ? "Take a seat" : "Watch instead";
    this.dialog.showModal();
  }

  private closed(): void {
    this.waiting = undefined;
    this.show(this.store.value);
    if (isPlaying()) focusGame();
  }

  private show({ keys, volume, muted, palette, motion }: Settings): void {
    for (const [action, button] of this.buttons) button.textContent = keyWords(keys[action]);
    for (const place of document.querySelectorAll<HTMLElement>("[data-keys]")) {
      const named = place.dataset["keys"]!.split(" ") as Action[];
      place.textContent = named.map((action) => keyWords(keys[action])).join(" ");
    }
    this.volume.value = String(muted ? 0 : Math.round(volume * 100));
    this.palette.value = palette;
    this.motion.value = motion;
  }

  private ask(action: Action): void {
    this.show(this.store.value);
    this.waiting = action;
    this.buttons.get(action)!.textContent = "press a key";
    this.say(`Press the key for: ${actionWords[action]}. Escape keeps the old one.`);
  }

  /** While a key is asked for, each is an answer. */
  private onKey(event: KeyboardEvent): void {
    const { waiting, store } = this;
    event.stopPropagation();
    if (!waiting) return;
    event.preventDefault();
    this.waiting = undefined;
    if (event.code === "Escape") {
      this.say("");
      return this.show(store.value);
    }
    const { keys, words } = rebind(store.value.keys, waiting, event.code);
    store.change({ keys });
    this.say(words);
  }

  private onGameKey(event: KeyboardEvent): void {
    if (event.code !== this.store.value.keys.settings || event.repeat) return;
    if (isPlaying() && !isControl(event.target)) this.open();
  }

  private say(words: string): void {
    this.words.textContent = words;
  }
}
