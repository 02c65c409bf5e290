// main.ts - join screen -> match -> join screen.
import { type JoinRequest, type Session, connect } from "skirmish-sdk";

import { loadArena } from "./arena/arena_module";
import { ArenaFeed } from "./arena/arena_feed";
import { parseMaps } from "./arena/tile_map";
import { Backdrop } from "./backdrop";
import { exposeDebug } from "./debug";
import { Match, endScreens } from "./match";
import { setShareButton, showRoomInAddress } from "./share";
import { Stage } from "./stage";
import { followConnection } from "./ui/connection";
import { byId } from "./ui/dom";
import { JoinScreen } from "./ui/join_screen";
import { setUpMute } from "./ui/mute";
import { Words } from "./ui/words";

const stage = new Stage();
const backdrop = new Backdrop(stage.renderer);
const words = new Words();
const joinScreen = new JoinScreen(join);
const debug = exposeDebug(stage);
let session: Session | undefined;

async function join(request: JoinRequest): Promise<void> {
  session = await connect({ ...request, games: { arena: loadArena } });
  const maps = parseMaps(new TextDecoder().decode(session.content));
  const match = new Match(
    new ArenaFeed(session), stage.controls, stage.renderer, stage.synth, maps,
  );
  joinScreen.hide();
  document.body.className = "playing";
  showRoomInAddress(session.welcome.room);
  setShareButton(session.welcome.room);
  followConnection(session, words, goHome);
  debug.playing(session, match);
  stage.show(match);
}

function goHome(why: string): void {
  session = undefined;
  stage.renderer.nameOf = () => "";
  endScreens();
  words.hide();
  showRoomInAddress("");
  joinScreen.show(why);
  stage.show(backdrop);
}

byId("leave").addEventListener("click", () => session?.leave());
addEventListener("pagehide", (event) => {
  if (!event.persisted) session?.leave(); // or the seat would be kept for nobody
});
setUpMute(stage.synth);
joinScreen.show();
stage.show(backdrop);
