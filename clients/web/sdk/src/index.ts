// The SDK's public face.
export { type ConnectOptions, type Waiting, connect } from "./connect.ts";
export type {
  EntityVisitor, Figures, GameEvent, GameModule, GameView, Held, RoomPlan, Send, Start,
  Taken,
} from "./game_module.ts";
export { Controller, axisOf, turnOf } from "./controller.ts";
export {
  type GameInfo, type GameOption, type JoinRequest, type RoomInfo, listGames, listRooms,
} from "./join.ts";
export type { OpenSocket, Socket } from "./link.ts";
export { JoinError, type Reason, reasonOf } from "./reason.ts";
export {
  type Reconnecting, Session, type SessionEvents, type SessionState,
} from "./session.ts";
export { instantiate, loadWasmGame } from "./wasm_game.ts";
export { type Input, type Notice, SPECTATOR, type Seat, type Welcome } from "./wire.ts";
