// connection.ts - tells the player in words what the session goes through.
import type { Notice, Session } from "skirmish-sdk";

import type { Words } from "./words";

const SLOW_MS = 1200;
const NOTICE_MS = 5000;
const LOOK_MS = 250;

/** `ended` is called once, with why, or with nothing when the player left on purpose. */
export function followConnection(
  session: Session, words: Words, ended: (why: string) => void,
): void {
  let slow = false;
  const looking = setInterval(() => {
    const silent = session.state === "playing" && session.silentMs > SLOW_MS;
    if (silent && !slow) words.mention("The server has gone quiet \u2026");
    if (!silent && slow && session.state === "playing") words.hide();
    slow = silent;
  }, LOOK_MS);

  session.on("reconnecting", ({ reason, retryMs, seatMs }) => {
    words.reconnecting(reason.word === "peer_gone" ? "" : reason.sentence, retryMs, seatMs);
  });
  session.on("welcome", () => {
    words.mention("You are back.");
    setTimeout(() => words.hide(), SLOW_MS);
  });
  session.on("notice", (notice) => {
    words.mention(textOf(notice));
    setTimeout(() => words.hide(), NOTICE_MS);
  });
  session.on("closed", (reason) => {
    clearInterval(looking);
    ended(reason.word === "left" ? "" : `The match is over for you: ${reason.sentence}.`);
  });
}

function textOf(notice: Notice): string {
  if (notice.kind !== "stopping") return notice.text;
  const words = notice.text || "The server is about to stop";
  return `${words} \u2014 ${notice.seconds} s left.`;
}
