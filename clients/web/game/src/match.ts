// match.ts - one match on the screen: each frame reads the devices, moves the feed on, shows what
// happened and draws.  Where the match comes from is the feed's affair.
import type { Feed } from "./arena/feed";
import { type Happening, type Killed, Scene } from "./arena/scene";
import type { TileMap } from "./arena/tile_map";
import { resultWords } from "./arena/standing";
import type { Controls } from "./input/controls";
import type { Choice } from "./input/intent";
import { colorOf } from "./render/palette";
import { NO_INSETS, type Renderer } from "./render/renderer";
import { beep, playHappening } from "./sound/sounds";
import type { Synth } from "./sound/synth";
import type { Show } from "./stage";
import { Hud } from "./ui/hud";
import { KillFeed } from "./ui/kill_feed";
import { Scoreboard } from "./ui/scoreboard";

const WEAPON_WORDS = ["blasted", "railed"] as const;
const streakWords: Readonly<Record<number, string>> = {
  3: "Three in a row!", 5: "Five! Unstoppable!", 8: "Eight! Nobody stops you!",
};
const COUNTDOWN_SECONDS = 5;
const FRAME_SECONDS_MAX = 0.1;
const MARK_MS = 120;
const LOOK_MS = 500;

const hud = new Hud();
const killFeed = new KillFeed();
const scoreboard = new Scoreboard();

export class Match implements Show {
  readonly scene = new Scene();
  private lastMs = performance.now();
  private lastSecond = 0;
  private markedMs = 0;
  private lookedMs = -LOOK_MS;
  private pointing: boolean | undefined;
  private wasAlive = false;

  constructor(
    private readonly feed: Feed,
    private readonly controls: Controls,
    private readonly renderer: Renderer,
    private readonly synth: Synth,
    private readonly maps: readonly TileMap[],
  ) {
    renderer.camera.cut();
    renderer.nameOf = (player) => this.nameOf(player);
    controls.mouse.centre = () => this.ownCentre();
    controls.onChoice = (choice) => this.choose(choice);
    killFeed.clear();
  }

  frame(nowMs: number): void {
    this.lookForRoom(nowMs);
    const seconds = Math.min(FRAME_SECONDS_MAX, (nowMs - this.lastMs) / 1000);
    this.lastMs = nowMs;
    this.feed.control(this.controls.read());
    this.feed.frame(this.scene, this.show);
    this.faceWhenNew();
    const map = this.maps[this.scene.map];
    if (map) this.renderer.setMap(map);
    this.renderer.frame(this.scene, seconds);
    hud.frame(this.scene);
    this.drawCrosshair();
    this.showScores();
    this.countDown();
  }

  end(): void {
    this.renderer.nameOf = () => "";
    this.renderer.insets = NO_INSETS;
    scoreboard.hide();
    killFeed.clear();
  }

  /** The server turns who appears to the open side, and no hand that rests turns it back. */
  private faceWhenNew(): void {
    const own = this.scene.find(this.scene.me);
    const alive = own?.alive ?? false;
    if (own && alive && !this.wasAlive) this.controls.face(own.aim);
    this.wasAlive = alive;
  }

  /** Asks now and then how much of the screen lies under the panels: they depend on its shape. */
  private lookForRoom(nowMs: number): void {
    if (nowMs - this.lookedMs < LOOK_MS) return;
    this.lookedMs = nowMs;
    this.renderer.insets = hud.insets();
  }

  private choose(choice: Choice): void {
    const weapon = this.scene.find(this.scene.me)?.weapon ?? 0;
    this.feed.choose(choice === "other" ? 1 - weapon : choice);
  }

  private readonly show = (what: Happening): void => {
    const { renderer, scene } = this;
    renderer.effects.show(what, scene.me, renderer.sprites, renderer.camera);
    playHappening(this.synth, what, scene.me, renderer.camera);
    if (what.type === "hit" && what.player === scene.me) hud.hurt();
    if (what.type === "marked") this.markedMs = performance.now();
    if (what.type === "killed") this.showKill(what);
    if (what.type === "started") hud.call(`Round ${what.round}`);
    if (what.type === "ended") hud.call(what.winner === scene.me ? "You win!" : "Round over");
  };

  /** On the canvas, because moving an element over it would paint the page anew each frame. */
  private drawCrosshair(): void {
    const { pointing, mouse } = this.controls;
    if (pointing !== this.pointing) document.body.classList.toggle("pointing", pointing);
    this.pointing = pointing;
    if (!pointing) return;
    const marked = performance.now() - this.markedMs < MARK_MS;
    this.renderer.crosshair(mouse.pointerX, mouse.pointerY, marked);
  }

  private showKill(what: Killed): void {
    const { me } = this.scene;
    const [by, name] = [this.nameOf(what.by), this.nameOf(what.player)];
    const how = WEAPON_WORDS[what.weapon] ?? "got";
    const mine = what.by === me || what.player === me;
    killFeed.add(by, colorOf(what.by, me), how, name, colorOf(what.player, me), mine);
    if (what.player === me) hud.call(`${by} got you`);
    else if (what.by === me) hud.call(streakWords[what.streak] ?? `You got ${name}`);
  }

  private showScores(): void {
    const { scene } = this;
    if (scene.over) {
      scoreboard.show(this.winnerWords(), resultWords(scene), scene, this.feed.roster);
    } else if (this.controls.showScores) {
      scoreboard.show("Scores", "", scene, this.feed.roster);
    } else {
      scoreboard.hide();
    }
  }

  private winnerWords(): string {
    const { winner, me } = this.scene;
    if (winner < 0) return "A draw";
    return winner === me ? "You win the round!" : `${this.nameOf(winner)} wins the round`;
  }

  private countDown(): void {
    const second = Math.ceil(this.scene.secondsLeft);
    if (second === this.lastSecond) return;
    this.lastSecond = second;
    if (second > 0 && second <= COUNTDOWN_SECONDS && !this.scene.over) this.synth.play(beep);
  }

  private nameOf(player: number): string {
    const seat = this.feed.roster.get(player);
    if (!seat) return "";
    return seat.bot ? `${seat.name} (bot)` : seat.name;
  }

  /** The own player on the screen, in CSS pixels. */
  private ownCentre(): readonly [number, number] {
    const { camera, pixelRatio } = this.renderer;
    const own = this.scene.find(this.scene.me);
    if (!own) return [innerWidth / 2, innerHeight / 2];
    const x = (own.x - camera.x) * camera.scale + camera.width / 2;
    const y = (own.y - camera.y) * camera.scale + camera.height / 2;
    return [x / pixelRatio, y / pixelRatio];
  }
}
