import type { QuickReply } from "@aceno/contract";
import { describe, expect, it } from "vitest";
import { search, slashed } from "./search.ts";

function aReply(id: string, change: Partial<QuickReply> = {}): QuickReply {
  return {
    id,
    agent_id: null,
    title: id,
    shortcut: "",
    folder: "",
    text: "",
    share: "everybody",
    department_id: null,
    uses: 0,
    version: 1,
    updated_at: 0,
    ...change,
  };
}

const replies = [
  aReply("Despedida", { shortcut: "tchau", text: "Até logo, {first_name}" }),
  aReply("Saudação", { shortcut: "oi", uses: 3 }),
  aReply("Oitiva", { shortcut: "ouvidoria", folder: "Jurídico" }),
  aReply("Frete", { text: "A saudação do frete é grátis" }),
];
const found = (query: string) => search(replies, query).map(({ title }) => title);

describe("search", () => {
  it("puts the shortcut first, then the title, then the text, whatever the accents", () => {
    expect(found("oi")).toEqual(["Saudação", "Oitiva"]);
    expect(found("saudacao")).toEqual(["Saudação", "Frete"]);
    expect(found("JURIDICO oitiva")).toEqual(["Oitiva"]);
    expect(found("nada")).toEqual([]);
  });

  it("lists everything without a query, the most used first", () => {
    expect(found(" ")).toEqual(["Saudação", "Despedida", "Frete", "Oitiva"]);
  });
});

describe("slashed", () => {
  it("is a slash at the beginning and one word", () => {
    expect(["/", "/oi", "/ação_2", "/a b", "x/oi", "//", "/usr/bin", ""].map(slashed)).toEqual([
      "",
      "oi",
      "ação_2",
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});
