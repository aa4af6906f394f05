import type { Language } from "../bridge";

/** The launcher's few words: how many messages are new. "Offline" is said alike in all three. The chat brings its own catalogues. */
export const words: Record<Language, string> = {
  pt: "mensagens novas: ",
  en: "new messages: ",
  es: "mensajes nuevos: ",
};

/** The first of the given tags whose language we speak: command, page, browser, site, in that order; English when none. */
export function pickLanguage(tags: readonly (string | null | undefined)[]): Language {
  for (const tag of tags) {
    const language = `${tag}`.slice(0, 2).toLowerCase();
    if (language in words) return language as Language;
  }
  return "en";
}
