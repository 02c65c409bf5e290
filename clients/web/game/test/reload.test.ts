import { describe, expect, test, vi } from "vitest";

import { noteFit, reloadFor } from "../src/reload";
import { farewell } from "../src/ui/farewell";
import { refusalWords } from "../src/ui/refusal";

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as unknown as Storage;
}

describe("a page of other code than the server's", () => {
  test.each(["code", "layout", "version"])("loads itself anew for %s, once", (word) => {
    const [kept, reload] = [storage(), vi.fn()];
    expect(reloadFor(word, kept, reload)).toBe(true);
    expect(reloadFor(word, kept, reload)).toBe(false);
    expect(reload).toHaveBeenCalledTimes(1);
  });

  test("may do so again once it fitted", () => {
    const [kept, reload] = [storage(), vi.fn()];
    reloadFor("code", kept, reload);
    noteFit(kept);
    expect(reloadFor("code", kept, reload)).toBe(true);
  });

  test("does so for nothing else", () => {
    const reload = vi.fn();
    expect(reloadFor("kicked", storage(), reload)).toBe(false);
    expect(reload).not.toHaveBeenCalled();
  });

  test("says so when that did not help", () => {
    const reason = { word: "code", sentence: "the sentence" };
    expect(refusalWords(reason, undefined)).toContain("loading the page anew did not help");
    expect(farewell(reason, false)).toContain("another version");
  });
});
