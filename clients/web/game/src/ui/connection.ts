// connection.ts - tells the player in words what the session goes through.
import type { Notice, Session } from "skirmish-sdk";

import { farewell } from "./farewell";
import type { Words } from "./words";

const SLOW_MS = 1200;
const NOTICE_MS = 5000;
const LOOK_MS = 250;

/** `ended` is called once, with why, or with nothing when the player left on purpose. */
export function followConnection(
  session: Session, words: Words, ended: (why: string) => void,
): void {
  const looking = setInterval(watchSilence(session, words), LOOK_MS);
  let stopping = false;

  session.on("reconnecting", ({ reason, retryMs, seatMs }) => {
    stopping ||= reason.word === "server_stopping";
    if (stopping) words.restarting(retryMs);
    else words.reconnecting(reason.word === "peer_gone" ? "" : reason.sentence, retryMs, seatMs);
  });
  session.on("welcome", () => {
    stopping = false;
    words.mention("You are back.");
    setTimeout(() => words.hide(), SLOW_MS);
  });
  session.on("notice", (notice) => {
    stopping ||= notice.kind === "stopping";
    tell(notice, words);
  });
  session.on("closed", (reason) => {
    clearInterval(looking);
    ended(farewell(reason, stopping));
  });
}

function watchSilence(session: Session, words: Words): () => void {
  let slow = false;
  return () => {
    const silent = session.state === "playing" && session.silentMs > SLOW_MS;
    if (silent && !slow) words.mention("The server has gone quiet \u2026");
    if (!silent && slow && session.state === "playing") words.hide();
    slow = silent;
  };
}

function tell(notice: Notice, words: Words): void {
  if (notice.kind === "stopping") {
    words.stopping(notice.seconds * 1000);
    return;
  }
  words.mention(notice.text);
  setTimeout(() => words.hide(), NOTICE_MS);
}
