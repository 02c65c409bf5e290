// reload.ts - a page whose code is not the server's loads itself anew, once: a server that was
// given a new version serves the page to it.  If that did not help, the player reads why.

const KEY = "skirmish-reloaded";
const misfits: ReadonlySet<string> = new Set(["code", "layout", "version"]);

/** Whether page and server are of different versions. */
export function isMisfit(word: string): boolean {
  return misfits.has(word);
}

/** Loads the page anew for such a word, but not twice in a row.  Returns whether it does. */
export function reloadFor(
  word: string, storage: Storage = sessionStorage, reload = () => location.reload(),
): boolean {
  if (!isMisfit(word) || storage.getItem(KEY) !== null) return false;
  storage.setItem(KEY, word);
  reload();
  return true;
}

/** Page and server fit: the next misfit is a new one. */
export function noteFit(storage: Storage = sessionStorage): void {
  storage.removeItem(KEY);
}
