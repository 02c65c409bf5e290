// main.ts - join screen -> match -> join screen.
import { JoinError, type JoinRequest, type Room } from "skirmish-sdk";

import * as arena from "../generated/arena";
import { ArenaFeed } from "./arena/arena_feed";
import { parseMaps } from "./arena/tile_map";
import { Backdrop } from "./backdrop";
import { exposeDebug } from "./debug";
import { client, link } from "./games";
import { Match } from "./match";
import { setMotion, showMatch } from "./mode";
import { Overlay } from "./overlay/overlay";
import { PlainView } from "./plain/plain_view";
import { takePalette } from "./render/palette";
import { noteFit, reloadFor } from "./reload";
import { setShareButton, showRoomInAddress } from "./share";
import { type Settings, SettingsStore } from "./settings";
import { Stage } from "./stage";
import { followConnection } from "./ui/connection";
import { byId } from "./ui/dom";
import { JoinScreen } from "./ui/join_screen";
import { setUpMute } from "./ui/mute";
import { SettingsDialog } from "./ui/settings_dialog";
import { focusGame, setUpTools } from "./ui/tools";
import { Words } from "./ui/words";

const stage = new Stage();
const backdrop = new Backdrop(stage.renderer);
const words = new Words();
const joinScreen = new JoinScreen(join);
const overlay = new Overlay(link);
const debug = exposeDebug({ stage, link, overlay });
let room: Room | undefined;

async function join(request: JoinRequest): Promise<void> {
  const onWaiting = joinScreen.showWaiting.bind(joinScreen);
  room = await client.enter({ ...request, onWaiting }).catch(reloadOnMisfit);
  noteFit();
  const show = showOf(room);
  joinScreen.hide();
  showMatch(show instanceof PlainView);
  focusGame();
  showRoomInAddress(room.code);
  setShareButton(room.code);
  followConnection(room, words, goHome);
  room.onLeave(({ word }) => void reloadFor(word));
  debug.playing(room, show);
  overlay.follow(room);
  stage.show(show);
}

/** The page that comes in our place may fit: nothing more is said here. */
function reloadOnMisfit(error: unknown): Promise<Room> {
  if (error instanceof JoinError && reloadFor(error.word)) return new Promise(() => {});
  throw error;
}

/** How a room is shown: by the game's own pictures, or by its tables. */
function showOf(room: Room): Match | PlainView {
  const match = room.as(arena);
  if (!match) return new PlainView(room, stage.controls, stage.renderer.painter);
  const maps = parseMaps(new TextDecoder().decode(room.content));
  return new Match(new ArenaFeed(match), stage.controls, stage.renderer, stage.synth, maps);
}

function goHome(why: string): void {
  room = undefined;
  overlay.follow(undefined);
  words.hide();
  showRoomInAddress("");
  joinScreen.show(why);
  joinScreen.focus();
  stage.show(backdrop);
}

/** Gives the seat up and comes back to the same room, to play or to watch. */
function changeSeat(spectate: boolean): void {
  const code = room?.code;
  if (code === undefined) return;
  room?.leave();
  void joinScreen.again(code, spectate);
}

let shownPalette: Settings["palette"] = "bright";

function apply({ keys, volume, muted, palette: wanted, motion }: Settings): void {
  stage.controls.mouse.bind(keys);
  stage.synth.volume = muted ? 0 : volume;
  setMotion(motion);
  document.body.classList.toggle("safe-colours", wanted === "safe");
  if (wanted === shownPalette) return;
  shownPalette = wanted;
  takePalette(wanted);
  stage.renderer.repaint();
}

byId("settings-watch").addEventListener("click", () => {
  byId<HTMLDialogElement>("settings").close();
  changeSeat(room?.me !== undefined);
});
byId("watch-play").addEventListener("click", () => changeSeat(false));
byId("leave").addEventListener("click", () => room?.leave());
addEventListener("pagehide", (event) => {
  if (!event.persisted) room?.leave(); // or the seat would be kept for nobody
});
const settings = new SettingsStore();
settings.follow(apply);
setUpMute(settings);
new SettingsDialog(settings, overlay);
setUpTools();
joinScreen.show();
stage.show(backdrop);
