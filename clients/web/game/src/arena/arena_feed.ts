// arena_feed.ts - a session of arena as a scene: fixed-point positions become tiles, events become
// happenings with a place.
import { type GameEvent, type Session, axisOf, turnOf } from "skirmish-sdk";

import { constants } from "../../generated/arena";
import type { Intent } from "../input/intent";
import type { Feed } from "./feed";
import type { Happening, PlayerView, Scene } from "./scene";
import {
  Beam, Event, Hit, Kill, Kind, MatchRow, OwnPlayer, Pickup, Player, Projectile, RoundEnd,
  RoundStart, Shot, Spawn, Taken,
} from "./tables";
import { Tracks } from "./tracks";

const TILE = constants.tile;
const RADIANS = (2 * Math.PI) / 65536;
const FIRE = constants.button_fire;
const DASH = constants.button_dash;

export class ArenaFeed implements Feed {
  private readonly tracks = new Tracks();
  private readonly own: number[] = [];
  private scene: Scene | undefined;
  private happened: (what: Happening) => void = () => {};

  constructor(private readonly session: Session) {
    session.on("event", (event) => this.onEvent(event));
  }

  get roster() {
    return this.session.roster;
  }

  frame(scene: Scene, happened: (what: Happening) => void): void {
    this.scene = scene;
    this.happened = happened;
    this.session.frame(); // its events speak of the scene of the frame before
    scene.clear();
    scene.me = this.session.welcome.player;
    this.session.draw(this.visit);
    this.readOwn(scene);
    this.tracks.compare(scene, happened);
  }

  control(intent: Intent): void {
    const { controller } = this.session;
    controller.axes[0] = axisOf(intent.moveX);
    controller.axes[1] = axisOf(intent.moveY);
    controller.axes[2] = turnOf(intent.aim);
    controller.buttons = (intent.fire ? FIRE : 0) | (intent.dash ? DASH : 0);
    controller.press((intent.fired ? FIRE : 0) | (intent.dashed ? DASH : 0));
  }

  choose(weapon: number): void {
    const { weapon_blaster, button_take_blaster, button_take_rail } = constants;
    const button = weapon === weapon_blaster ? button_take_blaster : button_take_rail;
    this.session.controller.press(button);
  }

  private readonly visit = (
    kind: number, slot: number, owner: number, values: Float64Array, first: number,
  ): void => {
    if (kind === Kind.player) this.addPlayer(slot, values, first);
    else if (kind === Kind.projectile) this.addBolt(slot, owner, values, first);
    else if (kind === Kind.pickup) this.addPickup(values, first);
    else if (kind === Kind.match) this.setMatch(values, first);
  };

  /** What the server tells us alone. */
  private readOwn(scene: Scene): void {
    const count = this.session.read(Kind.player, scene.me, this.own);
    scene.slugs = count > 0 ? this.own[OwnPlayer.slugs] : undefined;
    scene.dashReady = count > 0 && this.own[OwnPlayer.dashWait] === 0;
    const respawnTicks = count > 0 ? this.own[OwnPlayer.respawn]! : 0;
    scene.respawnSeconds = respawnTicks / this.session.welcome.tickHz;
  }

  private addPlayer(slot: number, values: Float64Array, at: number): void {
    const view = this.scene!.players.next();
    view.player = slot;
    view.x = values[at + Player.x]! / TILE;
    view.y = values[at + Player.y]! / TILE;
    view.aim = values[at + Player.aim]! * RADIANS;
    view.health = Math.min(1, values[at + Player.health]! / constants.health_max);
    view.alive = view.health > 0;
    view.weapon = values[at + Player.weapon]!;
    view.shielded = values[at + Player.shielded]! !== 0;
    view.score = values[at + Player.score]!;
    view.deaths = values[at + Player.deaths]!;
  }

  private addBolt(slot: number, owner: number, values: Float64Array, at: number): void {
    const view = this.scene!.bolts.next();
    view.id = slot;
    view.owner = owner;
    view.x = values[at + Projectile.x]! / TILE;
    view.y = values[at + Projectile.y]! / TILE;
    view.turn = values[at + Projectile.angle]! * RADIANS;
  }

  private addPickup(values: Float64Array, at: number): void {
    const view = this.scene!.pickups.next();
    view.x = values[at + Pickup.x]! / TILE;
    view.y = values[at + Pickup.y]! / TILE;
    view.kind = values[at + Pickup.type]! === constants.pickup_slugs ? "slugs" : "health";
    view.ready = values[at + Pickup.ready]! !== 0;
  }

  private setMatch(values: Float64Array, at: number): void {
    const scene = this.scene!;
    scene.secondsLeft = values[at + MatchRow.left_seconds]!;
    scene.over = values[at + MatchRow.state]! === constants.state_pause;
    scene.winner = values[at + MatchRow.winner]! - 1;
    scene.map = values[at + MatchRow.map]!;
  }

  private onEvent({ type, values }: GameEvent): void {
    switch (type) {
      case Event.shot:
        return this.at(values[Shot.player]!, (place) => ({ type: "fired", ...place }));
      case Event.beam:
        return this.onBeam(values);
      case Event.hit:
        return this.at(values[Hit.victim]!, (place) => ({ type: "marked", ...place }));
      case Event.kill:
        return this.onKill(values);
      case Event.pickup:
        return this.at(values[Taken.player]!, (place) => ({ type: "picked", ...place }));
      case Event.spawn:
        return this.tracks.spawned(values[Spawn.player]!);
      case Event.roundStart:
        return this.happened({ type: "started", round: values[RoundStart.round]! + 1 });
      case Event.roundEnd:
        return this.happened({ type: "ended", winner: values[RoundEnd.winner]! - 1 });
    }
  }

  private onBeam(values: Float64Array): void {
    const [x, y] = [values[Beam.x]! / TILE, values[Beam.y]! / TILE];
    const [turn, length] = [values[Beam.angle]! * RADIANS, values[Beam.length]! / TILE];
    const [toX, toY] = [x + Math.cos(turn) * length, y + Math.sin(turn) * length];
    this.happened({ type: "beam", player: values[Beam.player]!, x, y, toX, toY });
  }

  private onKill(values: Float64Array): void {
    const by = values[Kill.killer]! - 1;
    const [weapon, streak] = [values[Kill.weapon]!, values[Kill.streak]!];
    this.at(values[Kill.victim]!, (place) => ({ type: "killed", ...place, by, weapon, streak }));
  }

  /** Makes a happening of where a player was drawn last. */
  private at(
    player: number, make: (place: { player: number; x: number; y: number }) => Happening,
  ): void {
    const view: PlayerView | undefined = this.scene?.find(player);
    if (view) this.happened(make({ player, x: view.x, y: view.y }));
  }
}
