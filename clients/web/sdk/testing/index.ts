// Stand-ins for what a session talks to: a socket, a server's messages, a game.
export {
  type FakeEntity, FakeGame, FakeView, snapshotBytes, tables as fakeTables,
} from "./fake_game.ts";
export { FakeSocket } from "./fake_socket.ts";
export * from "./server_messages.ts";
