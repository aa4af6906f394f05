import { safeHref } from "./format.ts";

export interface TextPart {
  text: string;
  /** Set when this part is a link; always http or https. */
  href: string | null;
}

const candidate = /\b(?:https?:\/\/|www\.)[^\s<>"'`]+/gi;

/** Cuts a text at its web addresses. Punctuation that ends a sentence, and an unopened bracket, stay outside the link. */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(candidate)) {
    const address = trimEnd(match[0]);
    const href = safeHref(address.startsWith("www.") ? `https://${address}` : address);
    if (!href) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index), href: null });
    parts.push({ text: address, href });
    from = match.index + address.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), href: null });
  return parts;
}

function trimEnd(address: string): string {
  let end = address.length;
  for (;;) {
    const last = address[end - 1];
    if (last === undefined) break;
    const body = address.slice(0, end);
    const unopened = last === ")" && count(body, ")") > count(body, "(");
    if (!unopened && !/[.,;:!?…\]}]/.test(last)) break;
    end--;
  }
  return address.slice(0, end);
}

function count(text: string, letter: string): number {
  return text.split(letter).length - 1;
}
