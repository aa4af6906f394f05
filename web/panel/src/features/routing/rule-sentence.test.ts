import i18next, { type TFunction } from "i18next";
import { describe, expect, it } from "vitest";
import en from "@/app/i18n/routing/en.json";
import es from "@/app/i18n/routing/es.json";
import pt from "@/app/i18n/routing/pt.json";
import { blank, bodyOf, type Draft, moved, onField, onOperator } from "./rule.ts";
import { type Names, ruleSentence } from "./rule-sentence.ts";

async function names(language: "pt" | "en" | "es"): Promise<Names> {
  const own = i18next.createInstance();
  await own.init({
    lng: language,
    defaultNS: "routing",
    resources: { [language]: { routing: { pt, en, es }[language] } },
    interpolation: { escapeValue: false },
  });
  const named = (id: string) => ({ s1: "Loja", d1: "Vendas" })[id] ?? "…";
  return {
    t: own.t as unknown as TFunction<"routing">,
    locale: { pt: "pt-BR", en: "en", es: "es" }[language],
    site: named,
    department: named,
  };
}

const rule: Draft = {
  ...blank,
  name: "Ouro",
  conditions: [
    { field: "department", operator: "is", values: ["d1"] },
    { field: "page_url", operator: "starts_with", values: ["/checkout", "/plano"] },
    { field: "identified", operator: "is", values: ["yes"] },
    { field: "field", key: "compras", operator: "at_least", values: ["10"] },
  ],
  priority: 3,
  skills: ["inglês", "vip"],
};

describe("ruleSentence", () => {
  it("reads the whole rule in each language", async () => {
    expect(ruleSentence(rule, await names("pt"))).toBe(
      "Quando o departamento é Vendas e o endereço da página começa com “/checkout” ou “/plano” e a identidade é assinada pelo site e o campo “compras” é pelo menos 10: prioridade 3 (vale 15 min de espera) e atendente com inglês e vip.",
    );
    expect(ruleSentence({ ...rule, match: "any", skills: [] }, await names("en"))).toBe(
      "When the department is Vendas or the page address begins with “/checkout” or “/plano” or the site has signed the identity or the field “compras” is at least 10: priority 3 (counts as 15 min of waiting).",
    );
    expect(ruleSentence({ ...rule, priority: 0, conditions: rule.conditions.slice(0, 1) }, await names("es"))).toBe(
      "Cuando el departamento es Vendas: ninguna prioridad y agente con inglês y vip.",
    );
  });

  it("is silent while something is missing", async () => {
    const t = await names("pt");
    expect(ruleSentence({ ...rule, priority: null, skills: [] }, t)).toBeNull();
    expect(ruleSentence({ ...rule, conditions: [] }, t)).toBeNull();
    expect(ruleSentence({ ...rule, conditions: [{ field: "country", operator: "is", values: [] }] }, t)).toBeNull();
    expect(ruleSentence({ ...rule, conditions: [{ field: "field", operator: "is", values: ["x"] }] }, t)).toBeNull();
  });
});

describe("a draft", () => {
  it("leaves out a priority that says nothing, and keeps nought", () => {
    expect(bodyOf({ ...rule, priority: null })).not.toHaveProperty("priority");
    expect(bodyOf({ ...rule, priority: 0 }).priority).toBe(0);
  });

  it("keeps addresses on another field, and starts anew on one of another kind", () => {
    const page = { field: "page_url", operator: "contains", values: ["/x"] } as const;
    expect(onField({ ...page, values: ["/x"] }, "entry_url").values).toEqual(["/x"]);
    expect(onField({ ...page, values: ["/x"] }, "country")).toEqual({ field: "country", operator: "is", values: [] });
    expect(onField({ ...page, values: ["/x"] }, "returning").values).toEqual(["yes"]);
  });

  it("drops texts when numbers are compared", () => {
    const field = { field: "field" as const, key: "k", operator: "is" as const, values: ["a", "b"] };
    expect(onOperator(field, "is_not").values).toEqual(["a", "b"]);
    expect(onOperator(field, "at_least").values).toEqual([]);
  });

  it("moves by one place and never out of the list", () => {
    expect(moved(["a", "b", "c"], "c", -1)).toEqual(["a", "c", "b"]);
    expect(moved(["a", "b", "c"], "a", -1)).toEqual(["a", "b", "c"]);
    expect(moved(["a", "b", "c"], "c", 1)).toEqual(["a", "b", "c"]);
    expect(moved(["a", "b"], "x", 1)).toEqual(["a", "b"]);
  });
});
