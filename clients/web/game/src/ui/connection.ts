// connection.ts - tells the player in words what the connection goes through.
import type { Notice, Predicting, Room } from "skirmish-sdk";

import { farewell } from "./farewell";
import type { Words } from "./words";

const SLOW_MS = 1200;
const NOTICE_MS = 5000;
const LOOK_MS = 250;

/** `ended` is called once, with why, or with nothing when the player left on purpose. */
export function followConnection(
  room: Room, words: Words, ended: (why: string) => void,
): void {
  const looking = setInterval(watchSilence(room, words), LOOK_MS);
  let stopping = false;

  room.onDrop(({ reason, retryMs, seatMs }) => {
    stopping ||= reason.word === "server_stopping";
    if (stopping) words.restarting(retryMs);
    else words.reconnecting(reason.word === "peer_gone" ? "" : reason.sentence, retryMs, seatMs);
  });
  const welcomed = (text: string) => {
    stopping = false;
    words.mention(text);
    setTimeout(() => words.hide(), SLOW_MS);
  };
  room.onReconnect(() => welcomed("You are back."));
  room.onNewSeat(() => welcomed("You are back, in a new seat: you begin anew."));
  room.prediction.onTrouble((trouble) => {
    console.warn(`prediction ${trouble.what}: ${trouble.words}`);
    if (trouble.what === "unpredicted") words.mention("Prediction has failed: expect some lag.");
  });
  room.onNotice((notice) => {
    stopping ||= notice.kind === "stopping";
    tell(notice, words);
  });
  room.onRefused((why) => say(why, words));
  room.onLeave((reason) => {
    clearInterval(looking);
    ended(farewell(reason, stopping));
  });
}

/** What a player without the overlay reads of a line that stands still; "" while it does not. */
export function standstillWords(isQuiet: boolean, predicting: Predicting): string {
  const isHeld = predicting === "held";
  if (isQuiet) return `The server has gone quiet${isHeld ? ": your inputs wait" : ""} \u2026`;
  return isHeld ? "The line stands still: your inputs wait for the server \u2026" : "";
}

function watchSilence(room: Room, words: Words): () => void {
  let said = "";
  return () => {
    if (room.connection !== "playing") {
      said = "";
      return;
    }
    const now = standstillWords(room.silentMs > SLOW_MS, room.prediction.state);
    if (now === said) return;
    if (now !== "") words.mention(now);
    else words.hide();
    said = now;
  };
}

function tell(notice: Notice, words: Words): void {
  if (notice.kind === "stopping") {
    words.stopping(notice.seconds * 1000);
    return;
  }
  say(notice.text, words);
}

function say(text: string, words: Words): void {
  words.mention(text);
  setTimeout(() => words.hide(), NOTICE_MS);
}
