// Stand-ins for what a session talks to: a socket, a server's messages, a game.
export { FakeGame, FakeView, snapshotBytes } from "./fake_game.ts";
export { FakeSocket } from "./fake_socket.ts";
export * from "./server_messages.ts";
