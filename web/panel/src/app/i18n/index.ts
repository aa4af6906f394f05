import type { Language } from "@aceno/contract";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { readStored, writeStored } from "@/shared/storage.ts";

export const languages: readonly Language[] = ["pt", "en", "es"];

/** How formats (dates, numbers, names of countries) are asked for. */
export const locales: Record<Language, string> = { pt: "pt-BR", en: "en", es: "es" };

const loaders: Record<Language, () => Promise<{ default: Record<string, unknown> }>> = {
  pt: () => import("./pt.json"),
  en: () => import("./en.json"),
  es: () => import("./es.json"),
};

const storageKey = "aceno.language";

/** The language last chosen here, else the browser's, else Portuguese. */
export function preferredLanguage(): Language {
  const stored = readStored(storageKey);
  if (isLanguage(stored)) return stored;
  for (const wish of navigator.languages ?? []) {
    const short = wish.slice(0, 2).toLowerCase();
    if (isLanguage(short)) return short;
  }
  return "pt";
}

export function isLanguage(value: unknown): value is Language {
  return languages.includes(value as Language);
}

export function currentLanguage(): Language {
  return isLanguage(i18next.language) ? i18next.language : "pt";
}

export function currentLocale(): string {
  return locales[currentLanguage()];
}

/** Must be done before the first paint. */
export async function startTranslation(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: "panel",
    ns: ["panel"],
    resources: { [language]: { panel: (await loaders[language]()).default } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = locales[language];
}

/** Switches the interface; the words are fetched once. */
export async function changeLanguage(language: Language): Promise<void> {
  writeStored(storageKey, language);
  if (currentLanguage() === language) return;
  if (!i18next.hasResourceBundle(language, "panel")) {
    i18next.addResourceBundle(language, "panel", (await loaders[language]()).default);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = locales[language];
}
