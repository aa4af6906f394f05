import type { Language } from "@aceno/contract";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { readStored, writeStored } from "@/shared/storage.ts";

export const languages: readonly Language[] = ["pt", "en", "es"];

/** How formats (dates, numbers, names of countries) are asked for. */
export const locales: Record<Language, string> = { pt: "pt-BR", en: "en", es: "es" };

type Loaders = Record<Language, () => Promise<{ default: Record<string, unknown> }>>;

/** Every namespace there is so far: the panel's own, and those that came with what was opened later; `panel/x` is its section x. */
const catalogues = new Map<string, Loaders>([
  ["panel", { pt: () => import("./pt.json"), en: () => import("./en.json"), es: () => import("./es.json") }],
]);

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
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await fetchWords(language);
  document.documentElement.lang = locales[language];
}

/**
 * Adds the words of a part that is fetched only when it is opened. Its folder `i18n/<namespace>` waits for this at the top of
 * its `index.ts`; a component that imports that file never shows without its words, in whatever language.
 */
export async function addWords(
  name: keyof PanelWords | `panel/${keyof PanelSections}`,
  loaders: Loaders,
): Promise<void> {
  catalogues.set(name, loaders);
  if (i18next.isInitialized) await fetchWords(currentLanguage());
}

/** Switches the interface; the words are fetched once. */
export async function changeLanguage(language: Language): Promise<void> {
  writeStored(storageKey, language);
  if (currentLanguage() === language) return;
  await fetchWords(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = locales[language];
}

/** By language and name: what is there or on its way. */
const fetched = new Map<string, Promise<void>>();

async function fetchWords(language: Language): Promise<void> {
  await Promise.all([...catalogues].map(([name, loaders]) => fetchOnce(language, name, loaders)));
}

function fetchOnce(language: Language, name: string, loaders: Loaders): Promise<void> {
  const key = `${language}/${name}`;
  const known = fetched.get(key);
  if (known) return known;
  const [namespace = name, section] = name.split("/");
  const fetching = loaders[language]().then(({ default: words }) => {
    // A section may come before the rest of its namespace.
    i18next.addResourceBundle(language, namespace, section ? { [section]: words } : words, true);
  });
  fetched.set(key, fetching);
  fetching.catch(() => fetched.delete(key)); // the next one who needs it tries again
  return fetching;
}
