// tools.ts - the buttons of a match, and the way to them by keyboard: Escape goes to the first of
// them and back to the game.
import { isControl, isPlaying } from "../mode";
import { byId } from "./dom";

export function setUpTools(): void {
  const tools = document.querySelector<HTMLElement>(".tools")!;
  addEventListener("keydown", (event) => {
    if (event.code !== "Escape" || !isPlaying()) return;
    if (isControl(event.target)) focusGame();
    else tools.querySelector("button")?.focus();
  });
  tools.addEventListener("click", ({ detail }) => {
    if (detail > 0 && isPlaying()) focusGame(); // by pointer: the next Space fires again
  });
}

/** Gives the keys to the match. */
export function focusGame(): void {
  byId("stage").focus({ preventScroll: true });
}
