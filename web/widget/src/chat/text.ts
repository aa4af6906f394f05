/** A piece of a message: plain text, or an address to follow. */
export type Piece = { text: string } | { text: string; href: string };

const address = /(https?:\/\/|www\.)[^\s<>"'`]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;

/**
 * Finds web and e-mail addresses. Only http, https and mailto come out, whatever the text says; punctuation at the end stays text,
 * a closing bracket belongs to the address only if it opens there.
 */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const found = trimEnd(match[0]);
    const href = toHref(found);
    if (!href) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) });
    pieces.push({ text: found, href });
    from = match.index + found.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

function trimEnd(found: string): string {
  let end = found.replace(/[.,;:!?…]+$/, "");
  while (end.endsWith(")") && end.split("(").length < end.split(")").length)
    end = end.slice(0, -1).replace(/[.,;:!?…]+$/, "");
  return end;
}

function toHref(found: string): string | null {
  if (/^[^/]+@/.test(found)) return `mailto:${found}`;
  try {
    return new URL(/^www\./i.test(found) ? `https://${found}` : found).href;
  } catch {
    return null;
  }
}

const controls = /[^\P{Cc}\n\t]/gu;

/** What the server would refuse is taken out before: carriage returns and control characters (pasted text is full of them). */
export function cleanText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(controls, "").trim();
}

/** The length as the server counts it: characters, not UTF-16 units. */
export function countCharacters(text: string): number {
  return Array.from(text).length;
}

/** A size for people: "2 MB", "340 KB". */
export function showSize(bytes: number, language: string): string {
  const [value, unit] =
    bytes >= 1 << 20 ? [bytes / (1 << 20), "MB"] : bytes >= 1024 ? [bytes / 1024, "KB"] : [bytes, "B"];
  return `${value.toLocaleString(language, { maximumFractionDigits: unit === "MB" ? 1 : 0 })} ${unit}`;
}
