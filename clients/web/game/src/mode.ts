// mode.ts - whose the page is: the form's, or the match's.  Keys and mouse belong to a match only
// while it is played.
import type { Settings } from "./settings";

export function showForm(): void {
  document.body.classList.remove("playing", "plain");
  document.body.classList.add("joining");
}

/** `plain`: a game without pictures of its own, and without the arena's panels. */
export function showMatch(plain: boolean): void {
  document.body.classList.remove("joining");
  document.body.classList.add("playing");
  document.body.classList.toggle("plain", plain);
}

export function isPlaying(): boolean {
  return document.body.classList.contains("playing");
}

export function isSpectating(): boolean {
  return document.body.classList.contains("spectating");
}

const CONTROLS = "button, input, select, summary, a, dialog";

/** Whether an event is for a control, whose keys are its own. */
export function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(CONTROLS) !== null;
}

const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
let motion: Settings["motion"] = "system";

/** What the player has set; "system" is what the player's system asks for. */
export function setMotion(wanted: Settings["motion"]): void {
  motion = wanted;
  document.documentElement.classList.toggle("less-motion", wantsLessMotion());
}
lessMotion.addEventListener("change", () => setMotion(motion));

/** Whether the player wants less motion; it may change at any time. */
export function wantsLessMotion(): boolean {
  return motion === "system" ? lessMotion.matches : motion === "less";
}
