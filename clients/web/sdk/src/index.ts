// The SDK's public face.
export {
  type AnyRequest, Client, type ClientConfig, type Game, type Games, type JoinOptions,
} from "./client.ts";
export type { Waiting } from "./connect.ts";
export type { Entities, Entity, EntityOf, State } from "./entities.ts";
export type { EventListeners, Events } from "./events.ts";
export type {
  EntityVisitor, Figures, GameEvent, GameModule, GameView, Held, RoomPlan, Send, SpawnVisitor,
  Start, Taken, Told, Trouble,
} from "./game_module.ts";
export type { Interpolation } from "./interpolation.ts";
export type { GameInfo, GameOption, JoinRequest, RoomInfo } from "./join.ts";
export type { OpenSocket, Socket } from "./link.ts";
export { type LinkConditions, LinkSimulator } from "./link_simulator.ts";
export type { About, Message } from "./messages.ts";
export type { Agreement, Predicting, Prediction } from "./prediction.ts";
export { JoinError, type Reason, reasonOf } from "./reason.ts";
export { RequestError } from "./requests.ts";
export { type Payload, type RequestOptions, Room } from "./room.ts";
export type { Button, RoomInput } from "./room_input.ts";
export type { Reconnecting, SessionState } from "./session.ts";
export type { Spawn, SpawnListeners, Spawns } from "./spawns.ts";
export type {
  ButtonName, CommandName, CommandType, EventName, Field, GameTables, Kind, KindName, Rows, Table,
} from "./tables.ts";
export type { TrafficFigures, WayFigures } from "./traffic.ts";
export { instantiate, loadWasmGame } from "./wasm_game.ts";
export type { Input, Notice, Probed, Seat } from "./wire.ts";
