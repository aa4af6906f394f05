import { describe, expect, it } from "vitest";
import { words as launcher, pickLanguage } from "../../loader/words";
import { catalogues, say } from "./catalogue";
import { pt } from "./pt";

const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe("catalogues", () => {
  it.each(Object.entries(catalogues))("%s has every text, with the same places", (_, words) => {
    expect(Object.keys(words).sort()).toEqual(Object.keys(pt).sort());
    for (const key of Object.keys(pt) as (keyof typeof pt)[]) {
      expect(words[key].trim(), key).not.toBe("");
      expect(places(words[key]), key).toEqual(places(pt[key]));
    }
  });

  it("is translated: no two languages share a sentence", () => {
    for (const key of Object.keys(pt) as (keyof typeof pt)[]) {
      if (!pt[key].includes(" ")) continue;
      expect(catalogues.en[key], key).not.toBe(pt[key]);
    }
  });

  it("the launcher speaks the same languages", () => {
    expect(Object.keys(launcher)).toEqual(Object.keys(catalogues));
  });
});

describe("say", () => {
  it("fills the places it knows and leaves the others", () => {
    expect(say(pt, "typing", { name: "Ana $&" })).toBe("Ana $& está digitando…");
    expect(say(pt, "typing")).toBe("{name} está digitando…");
  });
});

describe("pickLanguage", () => {
  it.each([
    [["es", "pt"], "es"],
    [[undefined, "pt-BR"], "pt"],
    [["", "fr", "EN-us"], "en"],
    [["fr", null], "en"],
  ])("%o", (tags, language) => {
    expect(pickLanguage(tags)).toBe(language);
  });
});
