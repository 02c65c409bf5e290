// words.ts - what goes on with the connection, in words.
import { byId } from "./dom";

const COUNT_MS = 250;

export class Words {
  private readonly box = byId("words");
  private countdown = 0;

  /** Something good to know. */
  mention(text: string): void {
    this.show(() => text, "calm");
  }

  /** The connection is lost: `why`, unless there is nothing more to say; when the next try is, and
   * for how long we try.  Whether the seat is kept, only the server could say. */
  reconnecting(why: string, retryMs: number, seatMs: number): void {
    const lost = why === "" ? "Connection lost." : `Connection lost: ${why}.`;
    this.show((passedMs) => {
      const left = Math.max(0, seconds(seatMs - passedMs));
      return `${lost}\n${nextTry(retryMs - passedMs)}, for ${left} s more.`;
    });
  }

  /** The server went away as it had said. */
  restarting(retryMs: number): void {
    this.show((passedMs) => `The server restarts.\n${nextTry(retryMs - passedMs)}.`, "calm");
  }

  /** The server will go away. */
  stopping(inMs: number): void {
    this.show((passedMs) => {
      const left = seconds(inMs - passedMs);
      return left > 0 ? `The server restarts in ${left} s.` : "The server restarts now.";
    }, "calm");
  }

  hide(): void {
    clearInterval(this.countdown);
    this.box.hidden = true;
  }

  /** Says what `text` makes of the time since now, again and again. */
  private show(text: (passedMs: number) => string, className = ""): void {
    const startMs = performance.now();
    const say = () => {
      const words = text(performance.now() - startMs);
      if (words !== this.box.textContent) this.box.textContent = words;
    };
    clearInterval(this.countdown);
    this.countdown = window.setInterval(say, COUNT_MS);
    this.box.className = className;
    this.box.hidden = false;
    say();
  }
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

function nextTry(ms: number): string {
  return ms > 0 ? `Trying again in ${seconds(ms)} s` : "Trying to get back in";
}
