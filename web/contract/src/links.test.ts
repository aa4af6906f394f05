import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findLinks, type Letters, mailto, mostLinks, splitLinks } from "./links.ts";

interface Row {
  id: string;
  text: string;
  links: string[];
}

const rows = JSON.parse(readFileSync(new URL("./testdata/links.json", import.meta.url), "utf8")) as Row[];

/** The links as browsers follow them: some write braces encoded, some do not. */
const hrefs = (text: string) => splitLinks(text).flatMap(({ href }) => (href ? [href] : []));
const followed = (href: string) => new URL(href).href;

/** How often the search reads a character of the text. */
function readings(text: string): number {
  let count = 0;
  const letters: Letters = {
    length: text.length,
    charCodeAt: (at) => {
      count++;
      return text.charCodeAt(at);
    },
  };
  findLinks(letters);
  return count;
}

/** Pseudo-random, the same at every run. */
function* drawn(alphabet: readonly string[], texts: number, most: number): Generator<string> {
  let seed = 7;
  const next = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let i = 0; i < texts; i++) {
    yield Array.from({ length: next(most) }, () => alphabet[next(alphabet.length)]).join("");
  }
}

const scraps = [
  "http://",
  "https://",
  "www.",
  "a",
  "é",
  "x.co",
  "@",
  ".",
  "_",
  "-",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
].concat([
  " ",
  "\n",
  "'",
  "*",
  "?",
  "cc=",
  "&",
  "%40",
  ",",
  "\u200b",
  "\u00b4",
  "\ud83d\ude00",
  "\ud83d",
  "/",
  ":",
  "#",
  "1",
]);

describe("links of a text", () => {
  it.each(rows)("$id $text", ({ text, links }) => {
    expect(hrefs(text)).toEqual(links.map(followed));
  });

  it("keeps the text, and follows only what is written", () => {
    for (const text of drawn(scraps, 3000, 24)) {
      const parts = splitLinks(text);
      expect(parts.map((part) => part.text).join("")).toBe(text);
      for (const { text: written, href } of parts) {
        if (!href) continue;
        expect(new URL(href).protocol).toMatch(/^(?:https?|mailto):$/);
        if (href.startsWith("mailto:")) expect(decodeURIComponent(href.slice(7))).toBe(written);
      }
    }
  });

  it("has so many links and no more", () => {
    const parts = splitLinks("http://a ".repeat(mostLinks + 5));
    expect(parts.filter(({ href }) => href)).toHaveLength(mostLinks);
    expect(parts.at(-1)?.text).toBe(` ${"http://a ".repeat(5)}`);
  });
});

describe("the work grows with the length of the text", () => {
  const kinds: Record<string, (n: number) => string> = {
    "closing brackets behind a scheme": (n) => `https://${")".repeat(n)}`,
    "addresses, then brackets": (n) => "http://a ".repeat(n / 18) + ")".repeat(n / 2),
    "addresses that are one word": (n) => "http://a".repeat(n / 8) + ")".repeat(n / 8),
    "one letter": (n) => "a".repeat(n),
    "letters and pluses": (n) => "a+".repeat(n / 2),
    "brackets and dots": (n) => `https://a${").".repeat(n / 2)}`,
    "opening brackets": (n) => `https://a${"([{".repeat(n / 3)}`,
    hosts: (n) => ",www.".repeat(n / 5),
    "hosts and an @": (n) => `${",www.a".repeat(n / 6)}@`,
    "at signs": (n) => "@".repeat(n),
    "letters and at signs": (n) => "a@".repeat(n / 2),
    "long local parts": (n) => `${"a".repeat(64)}@`.repeat(n / 65),
    domains: (n) => "@a.a.a.a.a.a".repeat(n / 12),
    "one domain": (n) => `a@${"a.".repeat(n / 2)}`,
    underscores: (n) => "a@b.co_".repeat(n / 7),
    "invisible ones": (n) => `a@b.co${"\u200b".repeat(n)}`,
    "h and w": (n) => "hw".repeat(n / 2),
    base64: (n) => "QWNlbm8rL2Nhc2U9".repeat(n / 16),
  };

  it.each(Object.entries(kinds))("%s", (_, make) => {
    const [once, twice] = [readings(make(5_000)), readings(make(10_000))];
    expect(twice).toBeLessThan(2.2 * once + 500);
    expect(once).toBeLessThan(60 * 5_000);
  });
});

describe("mailto", () => {
  it.each([
    ["maria@example.com", "mailto:maria@example.com"],
    ["contato+tag@sub.loja.example", "mailto:contato+tag@sub.loja.example"],
    ["compras&vendas@loja.example", "mailto:compras%26vendas@loja.example"],
    ["a?cc=b%40c@loja.example", "mailto:a%3Fcc%3Db%2540c@loja.example"],
    ["ana@loja.example?cc=eva@b.example", null],
    ["ana@loja.example?cc=eva%40b.example", null],
    ["ana@loja.example&bcc=eva", null],
    ["ana@loja.example,eva@b.example", null],
    ["ana,eva@b.example", null],
    ["ana@loja.example\n?cc=eva", null],
    ["ana@loja.example%0ACc:eva", null],
    ["ana@b.example#x", null],
    ["Ana <ana@loja.example>", null],
    ["ana", null],
    ["", null],
  ])("%s", (address, href) => {
    expect(mailto(address)).toBe(href);
  });
});
