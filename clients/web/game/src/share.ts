// share.ts - the link that brings a friend into this room.
import { byId } from "./ui/dom";

const SAID_MS = 1600;

export function showRoomInAddress(room: string): void {
  const url = new URL(location.href);
  if (room === "") url.searchParams.delete("room");
  else url.searchParams.set("room", room);
  history.replaceState(null, "", url);
}

/** Makes the share button copy the page's address; `room` is written on it. */
export function setShareButton(room: string): void {
  const button = byId<HTMLButtonElement>("share");
  const label = button.querySelector("span")!;
  label.textContent = room;
  button.ariaLabel = `Copy the link to match ${room}`;
  button.onclick = async () => {
    label.textContent = (await copied(location.href)) ? "copied" : "copy the address";
    button.classList.add("said");
    setTimeout(() => {
      label.textContent = room;
      button.classList.remove("said");
    }, SAID_MS);
  };
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // not allowed here, or the page is not from a secure origin
  }
}
