import type { Theme } from "../protocol";

type Rgb = readonly number[];

const parse = (colour: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
const mix = (a: Rgb, b: Rgb, share: number): Rgb => a.map((part, i) => part + ((b[i] ?? 0) - part) * share);
const write = (colour: Rgb): string =>
  `#${colour.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

/** Relative luminance, WCAG 2.2. */
function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) =>
    part <= 10.31 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(parse(a)), luminance(parse(b))].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const white: Rgb = [255, 255, 255];
const black: Rgb = [17, 17, 17];

/**
 * The chat's colours from a brand colour: what stands as text on a card gets lighter or darker until it can be read (4.5 to 1), so any
 * brand passes WCAG AA.
 */
export function tokens(brand: string, dark: boolean): Record<string, string> {
  const card = dark ? "#1f2429" : "#ffffff";
  const towards = dark ? white : black;
  let accent = brand;
  for (let share = 0.1; contrast(accent, card) < 4.6 && share <= 1; share += 0.1)
    accent = write(mix(parse(brand), towards, share));
  return {
    "--accent": accent,
    "--on-accent": contrast(accent, "#ffffff") > 4.5 ? "#ffffff" : "#111111",
    "--own": write(mix(parse(card), parse(accent), dark ? 0.24 : 0.14)),
  };
}

const sizes = { compact: [340, 520], normal: [384, 640], large: [440, 720] } as const;

/** Dresses the chat: colours by the visitor's or the site's scheme, corners, size. */
export function dress(frame: HTMLElement, theme: Theme, systemDark: boolean): void {
  const dark = theme.scheme === "dark" || (theme.scheme !== "light" && systemDark);
  const [width, height] = sizes[theme.size] ?? sizes.normal;
  const style = {
    ...tokens(theme.brand, dark),
    "--corner": `${theme.corner}px`,
    "--width": `${width}px`,
    "--height": `${height}px`,
  };
  frame.classList.toggle("dark", dark);
  for (const [name, value] of Object.entries(style)) frame.style.setProperty(name, value);
}
