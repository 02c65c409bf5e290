// teams.ts - what the teams are called: a name and a shape each, because colours alone tell nothing
// to some eyes.  Number 0 is nobody's.
export const teamNames = ["", "Aces", "Bears"] as const;
export const teamMarks = ["", "\u25b2", "\u25a0"] as const;

/** "\u25b2 Aces" of 1; empty of 0. */
export function teamWords(team: number): string {
  return team > 0 ? `${teamMarks[team] ?? ""} ${teamNames[team] ?? ""}` : "";
}
