// mode.ts - whose the page is: the form's, or the match's.  Keys and mouse belong to a match only
// while it is played.

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

/** Whether an event is for a control, whose keys are its own. */
export function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, input, select, summary, a") !== null;
}

const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");

/** Whether the player's system asks for less motion; it may change at any time. */
export function wantsLessMotion(): boolean {
  return lessMotion.matches;
}
