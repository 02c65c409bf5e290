// dom.ts - small helpers over the page.  Text only ever goes in as text: names are other people's.

export function byId<Type extends HTMLElement = HTMLElement>(id: string): Type {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as Type;
}

export function make(tag: string, text = "", className = ""): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}

/** Sets a text when it has changed: writing it again would cost a layout each frame. */
export class TextSlot {
  private shown: string | undefined;

  constructor(private readonly element: HTMLElement) {}

  set(text: string): void {
    if (text === this.shown) return;
    this.shown = text;
    this.element.textContent = text;
  }
}

/** Starts an element's CSS animation again. */
export function replay(element: HTMLElement, className = "shown"): void {
  element.classList.remove(className);
  void element.offsetWidth; // a reflow between the two makes it start anew
  element.classList.add(className);
}
