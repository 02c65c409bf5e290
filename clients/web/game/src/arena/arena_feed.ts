// arena_feed.ts - a room of arena as a scene: fixed-point positions become tiles, messages become
// happenings with a place.
import type { Entity, Message, Room } from "skirmish-sdk";

import * as arena from "../../generated/arena";
import type { Intent } from "../input/intent";
import type { Feed } from "./feed";
import type { Happening, PlayerView, Scene } from "./scene";
import { type Limit, ShotLog } from "./shot_log";
import { Tracks } from "./tracks";

type Arena = typeof arena;
type Of<Name extends Arena["kinds"][number]["name"]> = Entity<
  Extract<Arena["kinds"][number], { readonly name: Name }>
>;

const { constants } = arena;
const TILE = constants.tile;
const RADIANS = (2 * Math.PI) / 65536;
const NOBODY = -1;
/** By the numbers of event `judged`. */
const limits: Readonly<Record<number, Limit>> = {
  [constants.limit_none]: "none", [constants.limit_old]: "old", [constants.limit_wide]: "wide",
  [constants.limit_ahead]: "ahead", [constants.limit_behind]: "behind",
};

export class ArenaFeed implements Feed {
  readonly shots = new ShotLog();
  private readonly tracks = new Tracks();
  private scene: Scene | undefined;
  private happened: (what: Happening) => void = () => {};

  constructor(private readonly room: Room<Arena>) {
    this.listen();
  }

  get roster() {
    return this.room.players;
  }

  get tickHz() {
    return this.room.tickHz;
  }

  frame(scene: Scene, happened: (what: Happening) => void): void {
    this.scene = scene;
    this.happened = happened;
    this.room.frame(); // its messages speak of the scene of the frame before
    const { player, projectile, pickup, match } = this.room.state;
    scene.clear();
    scene.me = this.room.me ?? NOBODY;
    scene.teams = false;
    for (const entity of player) this.addPlayer(scene, entity);
    for (const entity of projectile) this.addBolt(scene, entity);
    for (const entity of pickup) this.addPickup(scene, entity);
    for (const entity of match) this.setMatch(scene, entity);
    this.readOwn(scene, this.room.prediction.own("player")[0]?.own);
    this.tracks.compare(scene, happened);
  }

  control(intent: Intent): void {
    const { input } = this.room;
    input.stick(0, intent.moveX);
    input.stick(1, intent.moveY);
    input.turn(2, intent.aim);
    input.hold("fire", intent.fire);
    input.hold("dash", intent.dash);
    if (intent.fired) input.press("fire");
    if (intent.dashed) input.press("dash");
  }

  choose(weapon: number): void {
    const isBlaster = weapon === constants.weapon_blaster;
    this.room.input.press(isBlaster ? "take_blaster" : "take_rail");
  }

  /** What the server tells us alone. */
  private readOwn(scene: Scene, own: Of<"player">["own"]): void {
    scene.slugs = own?.slugs;
    scene.dashReady = own?.dash_wait_ticks === 0;
    scene.respawnSeconds = (own?.respawn_ticks ?? 0) / this.room.tickHz;
  }

  private addPlayer(scene: Scene, player: Of<"player">): void {
    const view = scene.players.next();
    view.player = player.slot;
    view.x = player.x / TILE;
    view.y = player.y / TILE;
    view.aim = player.aim * RADIANS;
    view.health = Math.min(1, player.health / constants.health_max);
    view.alive = view.health > 0;
    view.weapon = player.weapon;
    view.shielded = player.shielded !== 0;
    view.score = player.score;
    view.deaths = player.deaths;
    view.streak = player.streak;
    view.rank = player.rank;
    view.team = player.team;
    scene.teams ||= player.team > 0;
  }

  /** One that flies on after its last snapshot ends at the wall. */
  private addBolt(scene: Scene, bolt: Of<"projectile">): void {
    if (scene.tiles?.isSolid(Math.floor(bolt.x / TILE), Math.floor(bolt.y / TILE))) return;
    const view = scene.bolts.next();
    view.id = bolt.slot;
    view.owner = bolt.owner ?? NOBODY;
    view.x = bolt.x / TILE;
    view.y = bolt.y / TILE;
    view.turn = bolt.angle * RADIANS;
  }

  private addPickup(scene: Scene, pickup: Of<"pickup">): void {
    const view = scene.pickups.next();
    view.x = pickup.x / TILE;
    view.y = pickup.y / TILE;
    view.kind = pickup.type === constants.pickup_slugs ? "slugs" : "health";
    view.ready = pickup.ready !== 0;
  }

  private setMatch(scene: Scene, match: Of<"match">): void {
    scene.secondsLeft = match.left_seconds;
    scene.over = match.state === constants.state_pause;
    scene.winner = scene.teams ? NOBODY : match.winner - 1;
    scene.winnerTeam = scene.teams ? match.winner : 0;
    scene.teamScores[1] = match.team_1_score;
    scene.teamScores[2] = match.team_2_score;
    scene.map = match.map;
    scene.nextMap = match.next_map;
  }

  private listen(): void {
    const { room } = this;
    room.onMessage("shot", ({ player }) => {
      this.at(player, (place, turn) => ({ type: "fired", ...place, turn }));
    });
    room.events.on("beam", {
      shown: (beam) => this.onBeam(beam),
      undone: () => this.shots.undone(),
    });
    room.onMessage("judged", (judged) => this.onJudged(judged));
    const mark = (victim: number, mark: "hollow" | "filled", first: boolean) =>
      this.at(victim, (place) => ({ type: "marked", ...place, mark, first }));
    room.events.on("hit", {
      shown: ({ victim }, { told }) =>
        mark(victim, told === "predicted" ? "hollow" : "filled", true),
      confirmed: ({ victim }) => mark(victim, "filled", false),
    });
    room.onMessage("hurt", ({ attacker }) => {
      this.at(attacker, (place) => ({ type: "hurt", ...place }));
    });
    room.onMessage("kill", (kill) => this.onKill(kill));
    room.onMessage("pickup", ({ player }) => {
      this.at(player, (place) => ({ type: "picked", ...place }));
    });
    room.onMessage("spawn", ({ player }) => this.tracks.spawned(player));
    room.onMessage("round-start", ({ round }) => {
      this.happened({ type: "started", round: round + 1 });
    });
    room.onMessage("round-end", ({ winner }) => {
      const teams = this.scene?.teams ?? false;
      const [player, winnerTeam] = teams ? [NOBODY, winner] : [winner - 1, 0];
      this.happened({ type: "ended", winner: player, winnerTeam });
    });
    room.onMessage("result", (result) => this.onResult(result));
  }

  private onBeam(beam: Message<Arena, "beam">): void {
    const [x, y] = [beam.x / TILE, beam.y / TILE];
    const [turn, length] = [beam.angle * RADIANS, beam.length / TILE];
    const [toX, toY] = [x + Math.cos(turn) * length, y + Math.sin(turn) * length];
    this.happened({ type: "beam", player: beam.player, x, y, toX, toY });
    if (beam.player === this.room.me) this.shots.fired({ x, y, toX, toY }, this.scene!);
  }

  private onJudged(judged: Message<Arena, "judged">): void {
    const { target, missed, moved, limit, view_tick, view_interval, view_fraction } = judged;
    const behind = view_tick === 0 ? 0 : view_interval * (1 - view_fraction / 256);
    this.shots.judged({
      target: target - 1, missed: missed / TILE, moved: moved / TILE,
      limit: limits[limit] ?? "none", ageTicks: view_tick + behind,
    });
  }

  private onResult(told: Message<Arena, "result">): void {
    const { place, accuracy, rank, gained, missing } = told;
    const result = {
      place, accuracy, rank, gained, missing,
      playerCount: told.player_count, bestStreak: told.best_streak,
    };
    this.happened({ type: "result", result });
  }

  private onKill({ killer, victim, weapon, streak }: Message<Arena, "kill">): void {
    const by = killer - 1;
    this.at(victim, (place) => ({ type: "killed", ...place, by, weapon, streak }));
  }

  /** Makes a happening of where a player was drawn last. */
  private at(
    player: number,
    make: (place: { player: number; x: number; y: number }, turn: number) => Happening,
  ): void {
    const view: PlayerView | undefined = this.scene?.find(player);
    if (view) this.happened(make({ player, x: view.x, y: view.y }, view.aim));
  }
}
