import type { Language } from "@aceno/contract";

/** Names of the languages in themselves. */
export const languageNames: Record<Language, string> = { pt: "Português", en: "English", es: "Español" };
