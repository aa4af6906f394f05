/** Formats of the panel. Pure: locale and time come in as arguments. */

/** `0:07`, `12:41`, `1:02:03`, and from one day on `2 d 3 h`. Negative spans count as zero. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  if (days > 0) return `${days} d ${hours} h`;
  const rest = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

const timeFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${name}`;
  let format = timeFormats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, options);
    timeFormats.set(key, format);
  }
  return format;
}

/** Hours and minutes, on this machine's clock or in the given zone; empty when the zone is unknown. */
export function formatTime(at: number, locale: string, timeZone?: string): string {
  try {
    const options: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", timeZone };
    return dateFormat(locale, `time ${timeZone ?? ""}`, options).format(at);
  } catch {
    return "";
  }
}

/** Hours and minutes of today, with the day before them when it is another one. */
export function formatTimeNear(at: number, now: number, locale: string): string {
  if (startOfDay(at) === startOfDay(now)) return formatTime(at, locale);
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : "numeric";
  const options = { day: "2-digit", month: "2-digit", year, hour: "2-digit", minute: "2-digit" } as const;
  return dateFormat(locale, `near ${year ?? ""}`, options).format(at);
}

/** Day and time, for what is shown on hover. */
export function formatMoment(at: number, locale: string): string {
  return dateFormat(locale, "moment", { dateStyle: "medium", timeStyle: "medium" }).format(at);
}

/** The day as people say it; `today` and `yesterday` are the words for these. */
export function formatDay(
  at: number,
  now: number,
  locale: string,
  words: { today: string; yesterday: string },
): string {
  const day = startOfDay(at);
  const today = startOfDay(now);
  if (day === today) return words.today;
  const before = new Date(today);
  before.setDate(before.getDate() - 1);
  if (day === before.getTime()) return words.yesterday;
  return dateFormat(locale, "day", { weekday: "long", day: "numeric", month: "long" }).format(at);
}

/** Midnight before a moment, on this machine's clock. */
export function startOfDay(at: number): number {
  const date = new Date(at);
  date.setHours(0, 0, 0, 0);
  return date.getTime();
}

export function formatNumber(value: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** `312 B`, `12 KB`, `1,4 MB`; 1 KB is 1,024 bytes. */
export function formatBytes(bytes: number, locale: string): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(bytes / 1024 / 1024)} MB`;
}

/** Name of a country by its two letters; the letters themselves when unknown. */
export function countryName(code: string, locale: string): string {
  return displayName(code.toUpperCase(), locale, "region");
}

/** Name of a language by its tag; the tag itself when unknown. */
export function languageName(tag: string, locale: string): string {
  return displayName(tag, locale, "language");
}

const names = new Map<string, Intl.DisplayNames>();

function displayName(code: string, locale: string, type: "region" | "language"): string {
  if (!code) return "";
  const key = `${locale} ${type}`;
  try {
    let display = names.get(key);
    if (!display) {
      display = new Intl.DisplayNames(locale, { type });
      names.set(key, display);
    }
    return display.of(code) ?? code;
  } catch {
    return code;
  }
}

/** Up to two letters for a round picture. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0]?.[0] ?? "?";
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? "") : (words[0]?.[1] ?? "");
  return (first + last).toUpperCase();
}

/** Path and query of an address, decoded for reading; the address itself when it is none. */
export function pathOf(url: string): string {
  try {
    const { pathname, search } = new URL(url);
    const path = pathname + search;
    try {
      return decodeURI(path);
    } catch {
      return path;
    }
  } catch {
    return url;
  }
}

/** Only http and https may become a link: anything else could run script. */
export function safeHref(url: string): string | null {
  try {
    const { protocol, href } = new URL(url);
    return protocol === "http:" || protocol === "https:" ? href : null;
  } catch {
    return null;
  }
}
