// settings.ts - what a player has set, kept in the browser: keys, sound, colours and motion.
//
// What is stored may be of another version, of another page or damaged: each part that is not as
// it should be is as if it had never been set.

export const actions = [
  "up", "left", "down", "right", "fire", "dash", "blaster", "rail", "swap", "scores", "mute",
  "settings",
] as const;
export type Action = (typeof actions)[number];
/** KeyboardEvent.code by action; no code is there twice. */
export type Keys = Readonly<Record<Action, string>>;

export const palettes = ["bright", "safe"] as const;
export const motions = ["system", "less", "full"] as const;

export interface Settings {
  readonly keys: Keys;
  readonly volume: number; // 0..1
  readonly muted: boolean;
  readonly palette: (typeof palettes)[number];
  readonly motion: (typeof motions)[number];
}

export const usualKeys: Keys = {
  up: "KeyW", left: "KeyA", down: "KeyS", right: "KeyD", fire: "Space", dash: "ShiftLeft",
  blaster: "Digit1", rail: "Digit2", swap: "KeyQ", scores: "Tab", mute: "KeyM", settings: "KeyO",
};
export const usual: Settings = {
  keys: usualKeys, volume: 0.8, muted: false, palette: "bright", motion: "system",
};

const VERSION = 1;
const STORE_KEY = "skirmish.settings";
/** Codes that mean something already: the way to the buttons, the overlays, the browser's own. */
const taken = /^(|Escape|Backquote|F\d+|(Control|Alt|Meta)(Left|Right))$/;

/** What a stored text says; what it does not say, or not well, is as usual. */
export function readSettings(text: string | null): Settings {
  const stored = parse(text);
  if (stored.version !== VERSION) return usual;
  const { volume, muted, palette, motion } = stored;
  return {
    keys: readKeys(stored.keys),
    volume: typeof volume === "number" && volume >= 0 && volume <= 1 ? volume : usual.volume,
    muted: typeof muted === "boolean" ? muted : usual.muted,
    palette: palettes.find((name) => name === palette) ?? usual.palette,
    motion: motions.find((name) => name === motion) ?? usual.motion,
  };
}

export function writeSettings(settings: Settings): string {
  return JSON.stringify({ version: VERSION, ...settings });
}

/** Binds an action to another key.  Whose key it was gets the action's old one. */
export function rebind(keys: Keys, action: Action, code: string): { keys: Keys; words: string } {
  if (taken.test(code)) return { keys, words: `${keyWords(code)} cannot be chosen.` };
  const other = actions.find((name) => keys[name] === code);
  const changed = { ...keys, [action]: code };
  if (!other || other === action) return { keys: changed, words: "" };
  const old = keys[action];
  const words = `${keyWords(code)} was for ${other}: ${other} has ${keyWords(old)} now.`;
  return { keys: { ...changed, [other]: old }, words };
}

/** What is written on a key. */
export function keyWords(code: string): string {
  const sided = /^(Shift|Control|Alt|Meta)(Left|Right)$/.exec(code);
  if (sided) return `${sided[2]} ${sided[1]}`;
  const arrow = /^Arrow(\w+)$/.exec(code);
  if (arrow) return `${arrow[1]} arrow`;
  return code.replace(/^(Key|Digit)(?=.$)/, "").replace(/([a-z])(?=[A-Z0-9])/g, "$1 ");
}

function parse(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** All of them or none: half a set could leave an action without a key. */
function readKeys(stored: unknown): Keys {
  if (typeof stored !== "object" || stored === null) return usualKeys;
  const codes = actions.map((action) => (stored as Record<string, unknown>)[action]);
  const isGood = codes.every((code) => typeof code === "string" && !taken.test(code));
  if (!isGood || new Set(codes).size !== actions.length) return usualKeys;
  return Object.fromEntries(actions.map((action, i) => [action, codes[i]])) as Keys;
}

/** The settings of this browser, and who wants to hear of a change. */
export class SettingsStore {
  private current = readSettings(localStorage.getItem(STORE_KEY));
  private readonly listeners: ((settings: Settings) => void)[] = [];

  get value(): Settings {
    return this.current;
  }

  change(part: Partial<Settings>): void {
    this.current = { ...this.current, ...part };
    localStorage.setItem(STORE_KEY, writeSettings(this.current));
    for (const listener of this.listeners) listener(this.current);
  }

  /** Calls `listener` now and at each change. */
  follow(listener: (settings: Settings) => void): void {
    this.listeners.push(listener);
    listener(this.current);
  }
}
