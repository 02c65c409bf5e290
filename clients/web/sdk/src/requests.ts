// requests.ts - commands whose answers are awaited, by their numbers.
import type { Answer } from "./wire.ts";

/** Why a request has no answer: `refused` by the game, in the words of the message; `timeout`;
 * `busy`, too many wait; or the word of why the session ended. */
export class RequestError extends Error {
  readonly word: string;

  constructor(word: string, sentence: string) {
    super(sentence);
    this.name = "RequestError";
    this.word = word;
  }
}

interface Waiting {
  readonly timer: ReturnType<typeof setTimeout>;
  resolve(bytes: Uint8Array): void;
  reject(error: RequestError): void;
}

export class Requests {
  private readonly waiting = new Map<number, Waiting>();

  /** Waits for the answer to command `number`; 0 is one that could not be sent. */
  wait(number: number, timeoutMs: number): Promise<Uint8Array> {
    if (number === 0) return Promise.reject(new RequestError("busy", "too many requests wait"));
    return new Promise((resolve, reject) => {
      const late = new RequestError("timeout", "the game did not answer in time");
      const timer = setTimeout(() => {
        this.waiting.delete(number);
        reject(late);
      }, timeoutMs);
      this.waiting.set(number, { timer, resolve, reject });
    });
  }

  /** Hands over an answer; false when nobody waits for it. */
  settle({ number, refused, bytes }: Answer): boolean {
    const asked = this.waiting.get(number);
    if (!asked) return false;
    this.waiting.delete(number);
    clearTimeout(asked.timer);
    if (refused) asked.reject(new RequestError("refused", new TextDecoder().decode(bytes)));
    else asked.resolve(bytes);
    return true;
  }

  /** Nothing will be answered any more. */
  end(word: string, sentence: string): void {
    for (const { timer, reject } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new RequestError(word, sentence));
    }
    this.waiting.clear();
  }
}
