// colyseus.mjs - rooms of sixteen on Colyseus, for bench-peers (../peers.c).
//
// The match is simpler than arena, which is in Colyseus' favour: players walk by their inputs and
// shoot, but there are no walls, no hits, no lag compensation.  Players see position, aim, health
// and score of each player, and where each shot began: pages fly it themselves, so it is sent once
// and when it ends.  Inputs are twenty bytes and read as bytes, the cheapest way that Colyseus has.
//
//   prints  ready url=http://127.0.0.1:PORT version=V/node-N
//   SIGUSR2 counts inputs=N ticks=M          inputs that were applied, ticks of all rooms
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { Room, Server } from "@colyseus/core";
import { schema, t } from "@colyseus/schema";
import { WebSocketTransport } from "@colyseus/ws-transport";

const TICK_HZ = 60;
const PATCH_HZ = 20;
const PLAYERS_MAX = 16;
const WORLD = 8192;
const SPEED = 9; // a tick
const SHOT_TICKS = 60;
const COOLDOWN_TICKS = 20;
const FIRE = 1;

const counts = { inputs: 0, ticks: 0 };

// What others see; the rest of a player and of a shot is the server's own.
const PlayerState = schema({
  x: t.uint16(), y: t.uint16(), aim: t.uint16(), health: t.uint8(), score: t.uint8(),
}, "PlayerState");
class Player extends PlayerState {
  inputs = []; // not applied yet
  cooldownTicks = 0;
}
const ShotState = schema({ x: t.uint16(), y: t.uint16(), angle: t.uint16() }, "ShotState");
class Shot extends ShotState {
  leftTicks = SHOT_TICKS;
}
const Match = schema({ players: t.map(Player), shots: t.map(Shot) }, "Match");

const inside = (value) => Math.min(Math.max(Math.round(value), 0), WORLD - 1);

/** The bytes behind Colyseus' own two: three axes, buttons, a number that is not read. */
function readInput(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    x: view.getInt16(0, true) / 32767,
    y: view.getInt16(2, true) / 32767,
    aim: view.getUint16(4, true),
    buttons: view.getUint32(6, true),
  };
}

class Arena extends Room {
  maxClients = PLAYERS_MAX;
  patchRate = 1000 / PATCH_HZ;
  shotCount = 0;

  onCreate() {
    this.state = new Match();
    this.onMessageBytes(0, (client, bytes) => {
      this.state.players.get(client.sessionId)?.inputs.push(readInput(bytes));
    });
    this.setSimulationInterval(() => this.step(), 1000 / TICK_HZ);
  }

  onJoin(client) {
    const player = new Player();
    player.x = Math.floor(Math.random() * WORLD);
    player.y = Math.floor(Math.random() * WORLD);
    player.aim = 0;
    player.health = 100;
    player.score = 0;
    this.state.players.set(client.sessionId, player);
  }

  onLeave(client) {
    this.state.players.delete(client.sessionId);
  }

  step() {
    counts.ticks++;
    for (const player of this.state.players.values()) {
      for (const input of player.inputs) this.apply(player, input);
      player.inputs.length = 0;
    }
    for (const [id, shot] of this.state.shots.entries()) {
      if (--shot.leftTicks === 0) this.state.shots.delete(id);
    }
  }

  apply(player, input) {
    counts.inputs++;
    player.x = inside(player.x + SPEED * input.x);
    player.y = inside(player.y + SPEED * input.y);
    player.aim = input.aim;
    player.cooldownTicks = Math.max(player.cooldownTicks - 1, 0);
    if ((input.buttons & FIRE) !== 0 && player.cooldownTicks === 0) {
      player.cooldownTicks = COOLDOWN_TICKS;
      this.shoot(player);
    }
  }

  shoot(player) {
    const shot = new Shot();
    shot.x = player.x;
    shot.y = player.y;
    shot.angle = player.aim;
    this.state.shots.set(String(this.shotCount++), shot);
  }
}

/** A package does not let its package.json be imported by name. */
function versionOf(name) {
  let folder = dirname(createRequire(import.meta.url).resolve(name));
  for (; ; folder = dirname(folder)) {
    try {
      const found = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      if (found.name === name) return found.version;
    } catch {
      if (folder === dirname(folder)) return "unknown";
    }
  }
}

const transport = new WebSocketTransport();
const server = new Server({ transport, greet: false, gracefullyShutdown: false });
server.define("arena", Arena);
await server.listen(0, "127.0.0.1");
process.on("SIGUSR2", () => console.log(`counts inputs=${counts.inputs} ticks=${counts.ticks}`));
process.on("SIGTERM", () => process.exit(0));
const { port } = transport.server.address();
const version = `${versionOf("@colyseus/core")}/node-${process.versions.node}`;
console.log(`ready url=http://127.0.0.1:${port} version=${version}`);
