// match.ts - one match on the screen: each frame reads the devices, moves the feed on, shows what
// happened and draws.  Where the match comes from is the feed's affair.
import type { Feed } from "./arena/feed";
import { type Happening, type HitMark, type Killed, type Marked, Scene } from "./arena/scene";
import type { TileMap } from "./arena/tile_map";
import { resultLines } from "./arena/standing";
import { teamMarks, teamWords } from "./arena/teams";
import type { Controls } from "./input/controls";
import type { Choice } from "./input/intent";
import { wantsLessMotion } from "./mode";
import { shotView } from "./overlay/shot_view";
import type { Eye } from "./render/camera";
import { NO_INSETS, type Renderer } from "./render/renderer";
import { beep, playHappening } from "./sound/sounds";
import type { Synth } from "./sound/synth";
import type { Show } from "./stage";
import { Hud } from "./ui/hud";
import { KillFeed } from "./ui/kill_feed";
import { Scoreboard } from "./ui/scoreboard";
import { WatchPanel } from "./ui/watch_panel";
import { Watcher } from "./watcher";

const WEAPON_WORDS = ["blasted", "railed"] as const;
const STREAK_MIN = 3; // kills in a row before anybody speaks of a streak
const STREAK_STEP = 5; // and how often all are told of it
const COUNTDOWN_SECONDS = 5;
const FRAME_SECONDS_MAX = 0.1;
const FILLED_MS = 150;
const HOLLOW_MS = 500; // unless the server speaks before
const LOOK_MS = 500;

const hud = new Hud();
const killFeed = new KillFeed();
const scoreboard = new Scoreboard();
const watchPanel = new WatchPanel();

export class Match implements Show {
  readonly scene = new Scene();
  readonly watcher = new Watcher();
  private lastMs = performance.now();
  private lastSecond = 0;
  private mark: HitMark = "none";
  private marked = -1; // whom we have hit
  private lastTarget = -1;
  private markEndsMs = 0;
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
    renderer.nameOf = (player) => this.labelOf(player);
    controls.mouse.centre = () => this.ownCentre();
    controls.onChoice = (choice) => this.choose(choice);
    watchPanel.onNext = (direction) => this.watcher.next(this.scene, direction);
    killFeed.clear();
  }

  frame(nowMs: number): void {
    this.lookForRoom(nowMs);
    const seconds = Math.min(FRAME_SECONDS_MAX, (nowMs - this.lastMs) / 1000);
    this.lastMs = nowMs;
    const intent = this.controls.read();
    this.feed.control(intent);
    this.feed.frame(this.scene, this.show);
    this.faceWhenNew();
    const map = this.maps[this.scene.map];
    if (map) this.renderer.setMap(map);
    this.scene.tiles = map;
    this.watcher.frame(this.scene, intent, seconds, map);
    this.renderer.frame(this.scene, seconds, this.eye());
    this.explainShot();
    hud.frame(this.scene);
    watchPanel.frame(this.scene, this.watcher, (player) => this.nameOf(player));
    this.drawCrosshair();
    this.showScores();
    this.countDown();
  }

  end(): void {
    shotView.hide();
    this.renderer.nameOf = () => "";
    this.renderer.insets = NO_INSETS;
    scoreboard.hide();
    watchPanel.hide();
    killFeed.clear();
  }

  private explainShot(): void {
    const { painter, camera } = this.renderer;
    const nameOf = (player: number) => this.nameOf(player);
    shotView.frame(this.feed.shots, { painter, camera, tickHz: this.feed.tickHz, nameOf });
  }

  /** What the camera follows; for who wants less motion it jumps to another player. */
  private eye(): Eye | undefined {
    const { watcher, scene } = this;
    if (watcher.target !== this.lastTarget && wantsLessMotion()) this.renderer.camera.cut();
    this.lastTarget = watcher.target;
    return watcher.isFree ? watcher : scene.find(watcher.target);
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
    const own = this.scene.find(this.scene.me);
    if (own?.alive) this.feed.choose(choice === "other" ? 1 - own.weapon : choice);
    else this.watcher.next(this.scene, choice === 0 ? -1 : 1);
  }

  private readonly show = (what: Happening): void => {
    const { renderer, scene } = this;
    renderer.effects.show(what, renderer.colours, renderer.sprites, renderer.camera);
    playHappening(this.synth, what, scene.me, renderer.camera);
    if (what.type === "hit" && what.player === scene.me) hud.hurt();
    if (what.type === "marked") this.setMark(what);
    if (what.type === "killed") this.showKill(what);
    if (what.type === "result") scene.result = what.result;
    if (what.type === "started") this.startRound(what.round);
    if (what.type === "ended") hud.call(this.hasWon(what) ? "You win!" : "Round over");
  };

  private setMark({ mark, player }: Marked): void {
    this.mark = mark;
    this.marked = player;
    this.markEndsMs = performance.now() + (mark === "hollow" ? HOLLOW_MS : FILLED_MS);
  }

  /** On the canvas, because moving an element over it would paint the page anew each frame. */
  private drawCrosshair(): void {
    const { mouse } = this.controls;
    const pointing = this.controls.pointing && this.scene.find(this.scene.me) !== undefined;
    if (pointing !== this.pointing) document.body.classList.toggle("pointing", pointing);
    this.pointing = pointing;
    if (performance.now() > this.markEndsMs) this.mark = "none";
    if (!pointing) return this.markVictim();
    this.renderer.crosshair(mouse.pointerX, mouse.pointerY, this.mark);
  }

  /** Thumbs have no crosshair: their mark is on whom they hit. */
  private markVictim(): void {
    const victim = this.scene.find(this.marked);
    if (this.mark === "none" || !victim) return;
    const [x, y] = this.onScreen(victim);
    this.renderer.crosshair(x, y, this.mark);
  }

  private showKill(what: Killed): void {
    const { me } = this.scene;
    const [by, name] = [this.seatName(what.by), this.seatName(what.player)];
    const how = WEAPON_WORDS[what.weapon] ?? "got";
    const mine = what.by === me || what.player === me;
    const { colours } = this.renderer;
    killFeed.add(by, colours.of(what.by), how, name, colours.of(what.player), mine);
    if (what.streak > 0 && what.streak % STREAK_STEP === 0) {
      killFeed.tell(by, colours.of(what.by), `on a streak: ${what.streak}`, what.by === me);
    }
    if (what.player === me) {
      this.watcher.killedBy(what.by);
      watchPanel.tell(what);
    } else if (what.by === me) {
      hud.call(callOf(name, what.streak));
    }
  }

  private startRound(round: number): void {
    const { scene } = this;
    scene.result = undefined;
    const own = teamWords(scene.find(scene.me)?.team ?? 0);
    hud.call(own === "" ? `Round ${round}` : `Round ${round}. You play for ${own}`);
  }

  private hasWon({ winner, winnerTeam }: { winner: number; winnerTeam: number }): boolean {
    const { scene } = this;
    if (!scene.teams) return winner === scene.me;
    return winnerTeam > 0 && winnerTeam === scene.find(scene.me)?.team;
  }

  private showScores(): void {
    const { scene } = this;
    if (scene.over) {
      const lines = resultLines(scene, this.maps[scene.nextMap]?.name ?? "");
      scoreboard.show(this.winnerWords(), lines, scene, this.feed.roster, this.renderer.colours);
    } else if (this.controls.showScores) {
      const map = this.maps[scene.map]?.name ?? "";
      const lines = [scene.teams ? `Teams on ${map}` : `Free for all on ${map}`];
      scoreboard.show("Scores", lines, scene, this.feed.roster, this.renderer.colours);
    } else {
      scoreboard.hide();
    }
  }

  private winnerWords(): string {
    const { winner, winnerTeam, me, teams, teamScores } = this.scene;
    if (teams && winnerTeam > 0) {
      const other = teamScores[3 - winnerTeam];
      return `${teamWords(winnerTeam)} win, ${teamScores[winnerTeam]} to ${other}`;
    }
    if (winner < 0) return "A draw";
    return winner === me ? "You win the round!" : `${this.nameOf(winner)} wins the round`;
  }

  private countDown(): void {
    const second = Math.ceil(this.scene.secondsLeft);
    if (second === this.lastSecond) return;
    this.lastSecond = second;
    if (second > 0 && second <= COUNTDOWN_SECONDS && !this.scene.over) this.synth.play(beep);
  }

  private seatName(player: number): string {
    return this.feed.roster.get(player)?.name ?? "";
  }

  private nameOf(player: number): string {
    const seat = this.feed.roster.get(player);
    if (!seat) return "";
    return seat.bot ? `${seat.name} (bot)` : seat.name;
  }

  /** Over a figure's head: its team's shape, its name and its streak. */
  private labelOf(player: number): string {
    const view = this.scene.find(player);
    const mark = teamMarks[view?.team ?? 0] ?? "";
    const streak = (view?.streak ?? 0) >= STREAK_MIN ? `\u00d7${view!.streak}` : "";
    return `${mark} ${this.nameOf(player)} ${streak}`.trim();
  }

  /** The own player on the screen. */
  private ownCentre(): readonly [number, number] {
    const own = this.scene.find(this.scene.me);
    return own ? this.onScreen(own) : [innerWidth / 2, innerHeight / 2];
  }

  /** In CSS pixels. */
  private onScreen(view: { x: number; y: number }): readonly [number, number] {
    const { camera, pixelRatio } = this.renderer;
    const x = (view.x - camera.x) * camera.scale + camera.width / 2;
    const y = (view.y - camera.y) * camera.scale + camera.height / 2;
    return [x / pixelRatio, y / pixelRatio];
  }
}

/** What is called out to who got somebody. */
function callOf(name: string, streak: number): string {
  return streak < STREAK_MIN ? `You got ${name}` : `You got ${name}. On a streak: ${streak}`;
}
