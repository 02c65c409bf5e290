// The SDK's public face.
export { type ConnectOptions, connect } from "./connect";
export type {
  EntityVisitor, GameEvent, GameModule, GameView, Predictor, PrivatePart, RoomPlan, Taken,
  ViewMoment,
} from "./game_module";
export { Controller, axisOf, turnOf } from "./input_line";
export { type JoinRequest, type RoomInfo, listRooms } from "./join";
export type { OpenSocket, Socket } from "./link";
export { JoinError, type Reason, reasonOf } from "./reason";
export {
  type Reconnecting, Session, type SessionEvents, type SessionState,
} from "./session";
export { instantiate, loadWasmGame } from "./wasm_game";
export { type Input, type Notice, SPECTATOR, type Seat, type Welcome } from "./wire";
