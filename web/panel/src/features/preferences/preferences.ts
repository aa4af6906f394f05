import type { Language } from "@aceno/contract";
import { isLanguage } from "@/app/i18n/index.ts";

export type Theme = "auto" | "light" | "dark";
export type Density = "compact" | "comfortable";
export type SendKey = "enter" | "ctrl_enter";
export type WindowSize = "compact" | "half" | "full";

export interface SortWish {
  column: string;
  dir: "asc" | "desc";
}

/** What an agent chose about the panel. Kept on the server as one JSON object, so it follows the agent everywhere. */
export interface Preferences {
  language: Language | null;
  theme: Theme;
  density: Density;
  send_key: SendKey;
  /** Minutes without activity until busy (T016); 0 is off. */
  idle_minutes: number;
  sound: boolean;
  sound_waiting: boolean;
  sound_message: boolean;
  /** In the team chat: messages to me or my departments, and those that mention me. */
  sound_team: boolean;
  sound_mention: boolean;
  /** Alerts of visitors who come, and of those who come back. */
  alert_new: boolean;
  alert_return: boolean;
  /** From 0 to 1. */
  volume: number;
  title_blink: boolean;
  /** Notices on the desktop, as far as the browser allows them. */
  desktop: boolean;
  /** Columns shown, in order; `null` is the standard set. */
  grid_columns: string[] | null;
  /** Pixels, by column. */
  grid_widths: Record<string, number>;
  /** At most three; empty is the standard order. */
  grid_sort: SortWish[];
  window_size: WindowSize;
  window_details: boolean;
}

export const defaults: Preferences = {
  language: null,
  theme: "auto",
  density: "compact",
  send_key: "enter",
  idle_minutes: 0,
  sound: true,
  sound_waiting: true,
  sound_message: true,
  sound_team: true,
  sound_mention: true,
  alert_new: false,
  alert_return: false,
  volume: 0.5,
  title_blink: true,
  desktop: false,
  grid_columns: null,
  grid_widths: {},
  grid_sort: [],
  window_size: "compact",
  window_details: true,
};

/** Reads what the server keeps; what is missing, of another type or out of range is the default. */
export function readPreferences(raw: Record<string, unknown>): Preferences {
  return {
    language: isLanguage(raw.language) ? raw.language : null,
    theme: oneOf(raw.theme, ["auto", "light", "dark"], defaults.theme),
    density: oneOf(raw.density, ["compact", "comfortable"], defaults.density),
    send_key: oneOf(raw.send_key, ["enter", "ctrl_enter"], defaults.send_key),
    idle_minutes: number(raw.idle_minutes, 0, 240, defaults.idle_minutes),
    sound: bool(raw.sound, defaults.sound),
    sound_waiting: bool(raw.sound_waiting, defaults.sound_waiting),
    sound_message: bool(raw.sound_message, defaults.sound_message),
    sound_team: bool(raw.sound_team, defaults.sound_team),
    sound_mention: bool(raw.sound_mention, defaults.sound_mention),
    alert_new: bool(raw.alert_new, defaults.alert_new),
    alert_return: bool(raw.alert_return, defaults.alert_return),
    volume: number(raw.volume, 0, 1, defaults.volume),
    title_blink: bool(raw.title_blink, defaults.title_blink),
    desktop: bool(raw.desktop, defaults.desktop),
    grid_columns: Array.isArray(raw.grid_columns)
      ? raw.grid_columns.filter((id): id is string => typeof id === "string")
      : null,
    grid_widths: readWidths(raw.grid_widths),
    grid_sort: Array.isArray(raw.grid_sort) ? raw.grid_sort.filter(isSortWish).slice(0, 3) : [],
    window_size: oneOf(raw.window_size, ["compact", "half", "full"], defaults.window_size),
    window_details: bool(raw.window_details, defaults.window_details),
  };
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], otherwise: T): T {
  return allowed.find((candidate) => candidate === value) ?? otherwise;
}

function bool(value: unknown, otherwise: boolean): boolean {
  return typeof value === "boolean" ? value : otherwise;
}

function number(value: unknown, min: number, max: number, otherwise: number): number {
  return typeof value === "number" && value >= min && value <= max ? value : otherwise;
}

function readWidths(value: unknown): Record<string, number> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, number] => {
      const width: unknown = entry[1];
      return typeof width === "number" && width >= 30 && width <= 1000;
    }),
  );
}

function isSortWish(value: unknown): value is SortWish {
  return (
    typeof value === "object" &&
    value !== null &&
    "column" in value &&
    typeof value.column === "string" &&
    "dir" in value &&
    (value.dir === "asc" || value.dir === "desc")
  );
}

export interface PreferencesDeps {
  raw: Record<string, unknown>;
  save: (raw: Record<string, unknown>) => Promise<unknown>;
  onSaveFailed: (error: unknown) => void;
  timers: { set(run: () => void, ms: number): number; clear(id: number): void };
}

/** Changes wait this long for the next one, so that dragging a column's edge is one request. */
const saveAfter = 800;

/** The agent's preferences: a change shows at once and is saved a moment later. */
export class PreferencesStore {
  private raw: Record<string, unknown>;
  private value: Preferences;
  private timer: number | null = null;
  private saving = false;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly deps: PreferencesDeps) {
    this.raw = deps.raw;
    this.value = readPreferences(deps.raw);
  }

  get = (): Preferences => this.value;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  update(change: Partial<Preferences>): void {
    this.raw = { ...this.raw, ...change };
    this.value = { ...this.value, ...change };
    this.tell();
    if (this.timer !== null) this.deps.timers.clear(this.timer);
    this.timer = this.deps.timers.set(() => this.save(), saveAfter);
  }

  /** Takes what another tab or browser of the agent saved, unless a change made here is still on its way. */
  adopt(raw: Record<string, unknown>): void {
    if (this.timer !== null || this.saving) return;
    this.raw = raw;
    this.value = readPreferences(raw);
    this.tell();
  }

  private save(): void {
    this.timer = null;
    this.saving = true;
    this.deps
      .save(this.raw)
      .catch(this.deps.onSaveFailed)
      .finally(() => {
        this.saving = false;
      });
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
