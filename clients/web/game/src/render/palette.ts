// palette.ts - a rooftop at night: cool indigo ground, so that everything warm is something that
// acts.  You are amber, nobody else is; in teams all wear their team's colour.

const bright = {
  void: "#0b0d18",
  floor: "#20263f",
  floorAlt: "#262d4a",
  floorLine: "#2f3759",
  floorMark: "#465080",
  wallTop: "#46538a",
  wallTopLight: "#5a6aa8",
  wallRim: "#94a8ea",
  wallFace: "#232a4b",
  wallFaceLow: "#171c36",
  text: "#eef1ff",
  textDim: "#9aa5d1",
  me: "#ffb545",
  good: "#6ef3a5",
  bad: "#ff5470",
  bolt: "#ffd28a",
  beam: "#7de3ff",
  gold: "#ffd75e",
  /** Other players, told apart by hue, all as light as each other; amber is left out on purpose. */
  rivals: [
    "#ff6b81", "#5ad1ff", "#a98bff", "#6ef3a5", "#ff8fd8", "#4df0d8", "#c6f05a", "#8fb4ff",
    "#ff9d7a", "#d5a6ff", "#7fe0a0", "#f0729f",
  ],
  teams: ["#ff7a6b", "#5ab8ff"],
};
export type Palette = typeof bright;

/** For eyes that do not tell red from green: hues and lightness that stay apart for all. */
const safe: Palette = {
  ...bright,
  me: "#f0e442",
  good: "#56b4e9",
  bad: "#d55e00",
  gold: "#f0e442",
  rivals: [
    "#56b4e9", "#e69f00", "#cc79a7", "#2fc79a", "#d55e00", "#8aa8ff", "#d0d0d8", "#b8e0f7",
  ],
  teams: ["#e69f00", "#56b4e9"],
};
const palettes = { bright, safe } as const;

/** The colours of now. */
export const palette: Palette = { ...bright };

/** Takes other colours.  What was painted before keeps its own until it is painted anew. */
export function takePalette(name: keyof typeof palettes): void {
  Object.assign(palette, palettes[name]);
}

/** Of a player whom no team clothes. */
export function colorOf(player: number, me: number): string {
  return player === me ? palette.me : palette.rivals[player % palette.rivals.length]!;
}

/** "#rrggbb" mixed towards another by `share`. */
export function mix(from: string, to: string, share: number): string {
  const channel = (at: number) => {
    const [a, b] = [parseInt(from.slice(at, at + 2), 16), parseInt(to.slice(at, at + 2), 16)];
    return Math.round(a + (b - a) * share).toString(16).padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

export function fade(color: string, alpha: number): string {
  return color + Math.round(alpha * 255).toString(16).padStart(2, "0");
}
