// arena_module.ts - arena's code, fetched when the first room is joined.
import { type GameModule, loadWasmGame } from "skirmish-sdk";

import wasmUrl from "../../generated/arena.wasm?url";

export function loadArena(): Promise<GameModule> {
  return loadWasmGame("arena", wasmUrl);
}
