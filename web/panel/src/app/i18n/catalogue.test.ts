import { describe, expect, it } from "vitest";

type Tree = { [key: string]: string | Tree };

/** Every catalogue there is: `./pt.json` of the panel, `./admin/pt.json` of a lazy namespace. */
const files = import.meta.glob<{ default: Tree }>("./**/*.json", { eager: true });
const namespaces = [...new Set(Object.keys(files).map((path) => path.slice(0, path.lastIndexOf("/") + 1)))];
const catalogues = namespaces.flatMap((folder) =>
  ["pt", "en", "es"].map((language) => ({ folder, language, tree: files[`${folder}${language}.json`]?.default ?? {} })),
);
const plural = /_(zero|one|two|few|many|other)$/;

function flat(tree: Tree, prefix = ""): Map<string, string> {
  const entries = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const path = prefix ? `${prefix}.${key}` : key;
    if (typeof value === "string") entries.set(path, value);
    else for (const [inner, text] of flat(value, path)) entries.set(inner, text);
  }
  return entries;
}

function placeholders(text: string): string[] {
  return [...new Set(text.match(/\{\{[^}]+\}\}/g))].sort();
}

/** One form of a plural may leave the number out ("one message"), so `count` is not compared between forms. */
function placeholdersOf(texts: Map<string, string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [key, text] of texts) {
    const base = key.replace(plural, "");
    const own = plural.test(key) ? placeholders(text).filter((name) => name !== "{{count}}") : placeholders(text);
    found.set(base, own);
  }
  return found;
}

describe.each(catalogues)("catalogue $folder$language", ({ folder, language, tree }) => {
  const texts = flat(tree);
  const reference = placeholdersOf(flat(files[`${folder}pt.json`]?.default ?? {}));

  it("has the same keys and placeholders as the Portuguese one", () => {
    expect(Object.fromEntries(placeholdersOf(texts))).toEqual(Object.fromEntries(reference));
  });

  it("has no empty text", () => {
    expect([...texts].filter(([, text]) => text.trim() === "")).toEqual([]);
  });

  it("has every plural form of its language", () => {
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const bases = new Set([...texts.keys()].filter((key) => plural.test(key)).map((key) => key.replace(plural, "")));
    const missing = [...bases].flatMap((base) =>
      wanted.map((form) => `${base}_${form}`).filter((key) => !texts.has(key)),
    );
    expect(missing).toEqual([]);
  });
});
