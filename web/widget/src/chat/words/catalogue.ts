import type { Language } from "../../bridge";
import { en } from "./en";
import { es } from "./es";
import { pt } from "./pt";

/** Every text the chat can show, in each language; Portuguese is the one the others are checked against. */
export type Words = { readonly [Key in keyof typeof pt]: string };

export const catalogues: Record<Language, Words> = { pt, en, es };

/** The text of a key with `{name}` places filled in. */
export function say(words: Words, key: keyof Words, params: Record<string, unknown> = {}): string {
  return words[key].replace(/\{(\w+)\}/g, (place, name: string) =>
    Object.keys(params).includes(name) ? String(params[name]) : place,
  );
}

/** The tag that dates and numbers are written in. */
export const tags: Record<Language, string> = { pt: "pt-BR", en: "en-GB", es: "es" };
