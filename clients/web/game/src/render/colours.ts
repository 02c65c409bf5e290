// colours.ts - who wears which colour: everybody another one, or all of a team the same.  Shapes
// and words go with the teams' colours wherever these stand (arena/teams.ts).
import type { Scene } from "../arena/scene";
import { colorOf, palette } from "./palette";

const PLAYERS = 64;

export class Colours {
  me = -1;
  private readonly teams = new Uint8Array(PLAYERS);

  /** Reads who is in which team. */
  follow(scene: Scene): void {
    this.me = scene.me;
    for (let i = 0; i < scene.players.count; i++) {
      const { player, team } = scene.players.get(i);
      this.teams[player] = team;
    }
  }

  of(player: number): string {
    const { me, teams } = this;
    const team = teams[player] ?? 0;
    if (team > 0) return palette.teams[(team - 1) % palette.teams.length]!;
    return colorOf(player, me);
  }
}
