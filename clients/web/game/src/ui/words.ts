// words.ts - what goes on with the connection, in words.
import { byId } from "./dom";

export class Words {
  private readonly box = byId("words");
  private countdown = 0;

  /** Something that the player should see at once. */
  say(text: string): void {
    clearInterval(this.countdown);
    this.box.textContent = text;
    this.box.className = "";
    this.box.hidden = false;
  }

  /** Something good to know. */
  mention(text: string): void {
    this.say(text);
    this.box.className = "calm";
  }

  /** The connection is lost: `why`, unless there is nothing more to say; when the next try is and
   * how long the seat is kept. */
  reconnecting(why: string, retryMs: number, seatMs: number): void {
    const startMs = performance.now();
    const say = () => {
      const passedMs = performance.now() - startMs;
      const retry = Math.ceil((retryMs - passedMs) / 1000);
      const seat = Math.max(0, Math.ceil((seatMs - passedMs) / 1000));
      const next = retry > 0 ? `Trying again in ${retry} s` : "Trying to get back in";
      const lost = why === "" ? "Connection lost." : `Connection lost: ${why}.`;
      this.box.textContent = `${lost}\n${next}; your seat is kept for ${seat} s.`;
    };
    this.say("");
    say();
    this.countdown = window.setInterval(say, 250);
  }

  hide(): void {
    clearInterval(this.countdown);
    this.box.hidden = true;
  }

  get shown(): boolean {
    return !this.box.hidden;
  }
}
