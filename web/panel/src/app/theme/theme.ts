import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

const brand: MantineColorsTuple = [
  "#e3f4f1",
  "#c3e6e0",
  "#9cd6cc",
  "#6fc4b6",
  "#3fbdb0",
  "#239587",
  "#14837a",
  "#0f766e",
  "#0b5f59",
  "#084843",
];

/** The greys of the library's own dark controls, in the hue of ours. */
const dark: MantineColorsTuple = [
  "#e4e8ec",
  "#b4bec7",
  "#93a0ac",
  "#6b7680",
  "#454d55",
  "#363d44",
  "#23282d",
  "#1c2024",
  "#171a1d",
  "#14171a",
];

const font =
  "'Inter Variable', 'Segoe UI', system-ui, -apple-system, 'Helvetica Neue', 'Noto Sans', 'Noto Color Emoji', sans-serif";

function ourColor(color: string | undefined): "brand" | "red" | "other" {
  return color === undefined || color === "brand" ? "brand" : color === "red" ? "red" : "other";
}

/** Our colours for filled controls; what stands on them is dark where they are light. */
const variantColors: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  const name = { brand: "brand", red: "bad", other: null }[ourColor(input.color)];
  if (input.variant !== "filled" || name === null) return colors;
  return {
    ...colors,
    background: `var(--${name})`,
    hover: `color-mix(in srgb, var(--${name}) 88%, var(--ink))`,
    color: `var(--on-${name})`,
  };
};

/** Dense and calm: 13 px text, small controls. The colours are in `tokens`. */
export const theme = createTheme({
  primaryColor: "brand",
  primaryShade: { light: 7, dark: 4 },
  colors: { brand, dark },
  variantColorResolver: variantColors,
  fontFamily: font,
  headings: { fontFamily: font, fontWeight: "650" },
  fontSizes: { xs: "11px", sm: "13px", md: "13px", lg: "15px", xl: "18px" },
  lineHeights: { xs: "1.35", sm: "1.4", md: "1.4", lg: "1.4", xl: "1.3" },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "10px", xl: "14px" },
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "xs", fz: 13 } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray", size: 28 } },
    // Small fields, but text of the size of all other text.
    Input: { vars: () => ({ wrapper: { "--input-fz": "13px" } }) },
    InputWrapper: {
      vars: () => ({
        label: { "--input-label-size": "12px" },
        description: { "--input-description-size": "12px" },
        error: { "--input-error-size": "12px" },
      }),
    },
    TextInput: { defaultProps: { size: "xs" } },
    PasswordInput: { defaultProps: { size: "xs" } },
    NumberInput: { defaultProps: { size: "xs" } },
    Textarea: { defaultProps: { size: "xs" } },
    Select: { defaultProps: { size: "xs" } },
    MultiSelect: { defaultProps: { size: "xs" } },
    TagsInput: { defaultProps: { size: "xs" } },
    Switch: { defaultProps: { size: "sm" } },
    SegmentedControl: { defaultProps: { size: "xs" } },
    Menu: { defaultProps: { shadow: "md", radius: "md", withinPortal: true } },
  },
});

/** The design's tokens, light and dark. A state is always a colour and a word. */
const tokens = {
  light: {
    ground: "#f6f7f9",
    card: "#ffffff",
    line: "#e3e6ea",
    "line-strong": "#c9ced5",
    ink: "#1d2329",
    dim: "#5f6973",
    brand: "#0f766e",
    "brand-soft": "#e3f4f1",
    "on-brand": "#ffffff",
    waiting: "#b45309",
    "waiting-soft": "#fff3dc",
    bad: "#c2255c",
    "on-bad": "#ffffff",
    "bad-soft": "#ffe8ef",
    ok: "#2f9e44",
    violet: "#7048e8",
    quiet: "#adb5bd",
    note: "#fff8db",
    "note-line": "#d9b84a",
    "note-ink": "#5c4a06",
    "note-mark": "#d9b84a",
    selected: "#dff1ee",
    hover: "#f1f4f6",
    mine: "#e3f4f1",
    alarm: "#d6293e",
    focus: "#0f766e",
  },
  dark: {
    ground: "#14171a",
    card: "#1c2024",
    line: "#2d3339",
    "line-strong": "#454d55",
    ink: "#e4e8ec",
    dim: "#93a0ac",
    brand: "#3fbdb0",
    "brand-soft": "#16332f",
    "on-brand": "#06201d",
    waiting: "#f2b04a",
    "waiting-soft": "#3a2d14",
    bad: "#f06595",
    "on-bad": "#2b0714",
    "bad-soft": "#3a1a26",
    ok: "#51cf66",
    violet: "#9775fa",
    quiet: "#868e96",
    note: "#33301b",
    "note-line": "#8a7a35",
    "note-ink": "#efe3b4",
    "note-mark": "#c2a94a",
    selected: "#18332f",
    hover: "#23282d",
    mine: "#16332f",
    alarm: "#e03131",
    focus: "#3fbdb0",
  },
} as const;

function variables(scheme: keyof typeof tokens): Record<string, string> {
  const own = Object.fromEntries(Object.entries(tokens[scheme]).map(([name, value]) => [`--${name}`, value]));
  const { ground, card, line, ink, dim } = tokens[scheme];
  return {
    ...own,
    "--mantine-color-body": card,
    "--mantine-color-text": ink,
    "--mantine-color-dimmed": dim,
    "--mantine-color-placeholder": dim,
    "--mantine-color-default": card,
    "--mantine-color-default-border": line,
    "--mantine-color-default-hover": tokens[scheme].hover,
    "--mantine-color-default-color": ink,
    "--mantine-color-error": tokens[scheme].bad,
    "--mantine-color-anchor": tokens[scheme].brand,
    "--page": ground,
  };
}

export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: variables("light"),
  dark: variables("dark"),
});
