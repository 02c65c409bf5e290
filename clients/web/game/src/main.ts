// main.ts - join screen -> match -> join screen.
import { type JoinRequest, type Session, connect } from "skirmish-sdk";

import { ArenaFeed } from "./arena/arena_feed";
import { parseMaps } from "./arena/tile_map";
import { Backdrop } from "./backdrop";
import { exposeDebug } from "./debug";
import { tablesOf, modules } from "./games";
import { Match } from "./match";
import { showMatch } from "./mode";
import { PlainView } from "./plain/plain_view";
import { setShareButton, showRoomInAddress } from "./share";
import { Stage } from "./stage";
import { followConnection } from "./ui/connection";
import { byId } from "./ui/dom";
import { JoinScreen } from "./ui/join_screen";
import { setUpMute } from "./ui/mute";
import { focusGame, setUpTools } from "./ui/tools";
import { Words } from "./ui/words";

const stage = new Stage();
const backdrop = new Backdrop(stage.renderer);
const words = new Words();
const joinScreen = new JoinScreen(join);
const debug = exposeDebug(stage);
let session: Session | undefined;

async function join(request: JoinRequest): Promise<void> {
  const onWaiting = joinScreen.showWaiting.bind(joinScreen);
  session = await connect({ ...request, games: modules, onWaiting });
  const show = showOf(session);
  joinScreen.hide();
  showMatch(show instanceof PlainView);
  focusGame();
  showRoomInAddress(session.welcome.room);
  setShareButton(session.welcome.room);
  followConnection(session, words, goHome);
  debug.playing(session, show);
  stage.show(show);
}

/** How a session is shown: by the game's own pictures, or by its tables. */
function showOf(session: Session): Match | PlainView {
  const { game } = session.welcome;
  if (game !== "arena") {
    return new PlainView(session, stage.controls, stage.renderer.painter, tablesOf(game));
  }
  const maps = parseMaps(new TextDecoder().decode(session.content));
  return new Match(new ArenaFeed(session), stage.controls, stage.renderer, stage.synth, maps);
}

function goHome(why: string): void {
  session = undefined;
  words.hide();
  showRoomInAddress("");
  joinScreen.show(why);
  joinScreen.focus();
  stage.show(backdrop);
}

byId("leave").addEventListener("click", () => session?.leave());
addEventListener("pagehide", (event) => {
  if (!event.persisted) session?.leave(); // or the seat would be kept for nobody
});
setUpMute(stage.synth);
setUpTools();
joinScreen.show();
stage.show(backdrop);
