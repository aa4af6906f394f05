/**
 * Web and mail addresses in what people write. The panel and the visitors' chat share this file, so that a text has the same links on both
 * sides; it has no imports, so that it stays small. The work grows with the length of a text and no faster: each character is looked at
 * by the search, by the link it belongs to, and by at most the 64 characters before an `@`.
 */

/** A piece of a text: plain, or an address to follow; then `href` is http, https or mailto. */
export interface TextPart {
  text: string;
  href: string | null;
}

/** What the search reads of a text; a test counts the readings. */
export type Letters = Pick<string, "length" | "charCodeAt">;

/** Where something that looks like a link begins and ends. */
export interface Found {
  from: number;
  to: number;
  mail: boolean;
}

/** So many links of one text can be followed; what comes after stays text. Drawing them costs more than finding them. */
export const mostLinks = 100;

/** Lengths of the parts of a mail address (RFC 5321, 4.5.3.1). */
const longestLocal = 64;
const longestDomain = 255;

const letter = /[\p{L}\p{N}]/u;
/** Of a web address. Beyond ASCII it consists of letters, marks, digits and the joiners some scripts write words with. */
const webLetter = /[!#-&(-;=?-_a-~\p{L}\p{M}\p{N}\u200c\u200d]/u;
/** Ends a sentence or an emphasis rather than an address. */
const trailing = /[.,;:!?*_~\u200c\u200d]/;
const brackets = "()[]{}";
/** Of the part before the `@`, when it is a link. */
const localLetter = /[\p{L}\p{M}\p{N}._+-]/u;
/** What may also belong to an address, visibly or not: behind it only a part of the address would be a link. */
const localRest = /[!#$%&'*/=?^`{|}~@\\\p{Cf}]/u;
const domainLetter = /[\p{L}\p{M}\p{N}.-]/u;
const label = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;
const lastLabel = /^(?:[\p{L}\p{M}]{2,}|xn--.+)$/iu;

/** Cuts a text at its links. Together the parts are the text. */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  let links = 0;
  for (const { from, to, mail } of findLinks(text)) {
    const written = text.slice(from, to);
    const href = mail ? mailto(written) : webHref(written);
    if (!href) continue;
    if (from > at) parts.push({ text: text.slice(at, from), href: null });
    parts.push({ text: written, href });
    at = to;
    if (++links === mostLinks) break;
  }
  if (at < text.length) parts.push({ text: text.slice(at), href: null });
  return parts;
}

/**
 * The link that writes to one address and to nobody else, whatever the address contains: it adds no recipient, no subject, no text.
 * Null for what is not one address.
 */
export function mailto(address: string): string | null {
  const [, local, domain] = /^([^\s\p{C}"(),:;<>@[\\\]]+)@([\p{L}\p{M}\p{N}.-]+)$/u.exec(address) ?? [];
  return local && domain
    ? `mailto:${encodeURIComponent(local).replace(/%2B/g, "+")}@${encodeURIComponent(domain)}`
    : null;
}

function webHref(written: string): string | null {
  try {
    return new URL(/^www/i.test(written) ? `https://${written}` : written).href;
  } catch {
    return null;
  }
}

/** Everything that looks like a link, in order. A web address goes on to the next character that can't be of one. */
export function findLinks(text: Letters): Found[] {
  const found: Found[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    let next: Found | null = null;
    if (code === 64) next = mailAt(text, at);
    else if ((code | 32) === 104 || (code | 32) === 119) next = webAt(text, at); // h, w
    if (!next) continue;
    if (next.from < next.to) found.push(next);
    at = Math.max(at, next.to - 1);
  }
  return found;
}

/** The web address that begins at a place. One that is none after all is skipped as a whole: nothing of it is looked at again. */
function webAt(text: Letters, from: number): Found | null {
  const bare = says(text, from, "www.");
  if (bare ? !stands(text, from) : !says(text, from, "http://") && !says(text, from, "https://")) return null;
  let end = from;
  let person = false;
  let host = true;
  for (; is(webLetter, text, end); end++) {
    const code = text.charCodeAt(end);
    if (code === 47 || code === 63 || code === 35) host = false; // / ? #
    if (code === 64 && host) person = true;
  }
  // Somebody's mail address, or nobody's.
  if (bare && (person || !is(letter, text, from + 4))) return { from: end, to: end, mail: false };
  return { from, to: trimmed(text, from, end), mail: false };
}

/** A host without a scheme begins a word. */
function stands(text: Letters, at: number): boolean {
  return at === 0 || !(is(letter, text, at - 1) || "@.-/+".includes(read(text, at - 1, at)));
}

/** The end without what closes a sentence, an emphasis, or a bracket that was not opened inside. */
function trimmed(text: Letters, from: number, to: number): number {
  const open = [0, 0, 0]; // of each kind, opened and not closed; below 0 when closed too often
  const move = (which: number, by: number) => {
    if (which >= 0) open[which >> 1] = (open[which >> 1] ?? 0) + (which % 2 === 0 ? by : -by);
  };
  for (let at = from; at < to; at++) move(bracketAt(text, at), 1);
  for (let end = to; end > from; end--) {
    const which = bracketAt(text, end - 1);
    const closesOne = which % 2 === 1 && (open[which >> 1] ?? 0) >= 0;
    if (which < 0 ? !is(trailing, text, end - 1) : closesOne) return end;
    move(which, -1);
  }
  return from;
}

/** Its place among the brackets, closing ones at odd places; -1 for none. */
function bracketAt(text: Letters, at: number): number {
  return brackets.indexOf(read(text, at, at + 1));
}

/** The mail address around an `@`: as a whole, or nothing. A part of it would write to somebody else. */
function mailAt(text: Letters, at: number): Found | null {
  let from = at;
  while (at - from <= longestLocal && is(localLetter, text, from - 1)) from--;
  let to = at + 1;
  while (to - at <= longestDomain && is(domainLetter, text, to)) to++;
  while (to > at && is(/[.-]/, text, to - 1)) to--;
  if (read(text, from, from + 1) === "_" && read(text, to, to + 1) === "_") from++; // _ana@loja.example_
  const local = read(text, from, at);
  const labels = read(text, at + 1, to).split(".");
  const right =
    local.length <= longestLocal &&
    /^[\p{L}\p{N}_]/u.test(local) &&
    !/\.(?:\.|$)/.test(local) &&
    labels.length > 1 &&
    labels.every((each) => each.length < 64 && label.test(each)) &&
    lastLabel.test(labels.at(-1) ?? "");
  return right && apart(text, from, to) ? { from, to, mail: true } : null;
}

/** Nothing around a mail address may belong to it. */
function apart(text: Letters, from: number, to: number): boolean {
  const before = read(text, from - 1, from);
  const after = read(text, to, to + 1);
  if (before === "_") return after === "_" && !is(localLetter, text, from - 2);
  const wrapped =
    "*~'`{".includes(before) && after === (before === "{" ? "}" : before) && !is(localLetter, text, from - 2);
  if (from > 0 && is(localRest, text, from - 1) && !wrapped) return false;
  let end = to;
  while (end - to < 4 && is(/[_\p{Cf}]/u, text, end)) end++;
  return after !== "@" && (end === to || !is(localLetter, text, end));
}

/** The character at a place is of a class. Both halves of a character count as it. */
function is(those: RegExp, text: Letters, at: number): boolean {
  if (at < 0 || at >= text.length) return false;
  const code = text.charCodeAt(at);
  if (code >= 0xd800 && code < 0xdc00) return those.test(read(text, at, at + 2));
  const whole = code >= 0xdc00 && code < 0xe000 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
  return those.test(read(text, whole ? at - 1 : at, at + 1));
}

function says(text: Letters, at: number, what: string): boolean {
  return read(text, at, at + what.length).toLowerCase() === what;
}

function read(text: Letters, from: number, to: number): string {
  let what = "";
  for (let at = Math.max(from, 0); at < to && at < text.length; at++) what += String.fromCharCode(text.charCodeAt(at));
  return what;
}
