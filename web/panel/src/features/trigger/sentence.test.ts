import i18next, { type TFunction } from "i18next";
import { describe, expect, it } from "vitest";
import en from "@/app/i18n/trigger/en.json";
import es from "@/app/i18n/trigger/es.json";
import pt from "@/app/i18n/trigger/pt.json";
import { blank, type Draft, isTypable } from "./draft.ts";
import { aspects, fields, onField } from "./fields.ts";
import { conditionWords, type Names, sentence } from "./sentence.ts";

async function names(language: "pt" | "en" | "es"): Promise<Names> {
  const own = i18next.createInstance();
  await own.init({
    lng: language,
    defaultNS: "trigger",
    resources: { [language]: { trigger: { pt, en, es }[language] } },
    interpolation: { escapeValue: false },
  });
  const named = (id: string) => ({ s1: "Loja", d1: "Vendas", t1: "Boas-vindas" })[id] ?? "…";
  return {
    t: own.t as unknown as TFunction<"trigger">,
    locale: { pt: "pt-BR", en: "en", es: "es" }[language],
    site: named,
    department: named,
    template: named,
  };
}

const rule: Draft = {
  ...blank,
  delay: 90,
  conditions: [
    { field: "page_url", operator: "contains", values: ["/produto", "/oferta"] },
    { field: "country", operator: "is", values: ["BR"] },
    { field: "hour", operator: "between", values: ["08:00", "18:00"] },
    { field: "scroll", operator: "at_least", values: ["50"] },
  ],
  action: { kind: "invite", template_id: "t1" },
};

describe("sentence", () => {
  it("reads a rule aloud in three languages", async () => {
    expect(sentence(rule, await names("pt"))).toBe(
      "Quando o endereço da página contém “/produto” ou “/oferta” e o país é Brasil e são entre 08:00 e 18:00 e rola 50 % da página: " +
        "enviar o convite “Boas-vindas” depois de 1 min 30 s, uma vez por visitante.",
    );
    expect(sentence({ ...rule, match: "any", once: "every_time", repeats: 2, delay: 0 }, await names("en"))).toBe(
      "When the page address contains “/produto” or “/oferta” or the country is Brazil or it is between 08:00 and 18:00 or " +
        "they scroll 50 % of the page: send the invite “Boas-vindas”, at most 2 times per visit.",
    );
    expect(sentence({ ...rule, conditions: rule.conditions.slice(0, 1) }, await names("es"))).toMatch(
      /^Cuando la dirección de la página contiene/,
    );
  });

  it("waits until the rule is complete", async () => {
    const said = await names("pt");
    expect(sentence(blank, said)).toBeNull();
    expect(sentence({ ...rule, action: { kind: "tag" } }, said)).toBeNull();
    expect(isTypable(blank)).toBe(false);
    expect(isTypable(rule)).toBe(true);
  });

  it.each(["pt", "en", "es"] as const)("has words for every field and operator: %s", async (language) => {
    const said = await names(language);
    for (const field of fields) {
      for (const operator of aspects[field].operators) {
        const values = aspects[field].shape === "hours" ? ["08:00", "18:00"] : [field === "site" ? "s1" : "1"];
        const words = conditionWords({ field, operator, values, key: "plano" }, said);
        expect(words, `${field} ${operator}`).not.toMatch(/say\.|operators\.|\{\{|undefined/);
      }
    }
  });

  it("keeps what was typed where it makes sense on another field", () => {
    const typed = { field: "page_url", operator: "starts_with", values: ["/x"] } as const;
    expect(onField({ ...typed, values: [...typed.values] }, "page_title")).toEqual({ ...typed, field: "page_title" });
    expect(onField({ ...typed, values: [...typed.values] }, "hour").values).toEqual(["08:00", "18:00"]);
  });
});
