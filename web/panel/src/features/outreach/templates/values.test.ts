import type { OutreachTemplate } from "@aceno/contract";
import { describe, expect, it } from "vitest";
import { readableOn, spokenIn, startValues, toBody, wordsIn } from "./values.ts";

const empty = { title: "", text: "", button: "" };
const template: OutreachTemplate = {
  id: "t1",
  kind: "promotion",
  name: "Frete grátis",
  style: "card",
  image: { id: "i1", url: "/v/images/i1", width: 600, height: 300 },
  image_alt: "",
  texts: { pt: empty, en: { ...empty, title: "Free delivery" }, es: empty },
  link: "https://loja.exemplo.com/frete",
  position: "center",
  animation: "fade",
  seconds: 20,
  department_id: null,
  usable_by: { everybody: false, roles: ["agent"], department_ids: [] },
  active: false,
  updated_at: 5,
};

describe("values of a template's form", () => {
  it("go back as they came, the picture by its identifier", () => {
    const { id: _, updated_at: __, image: ___, ...rest } = template;
    expect(toBody(startValues("promotion", template, false))).toEqual({ ...rest, image_id: "i1", department_id: "" });
  });

  it("leave the name to be written in a copy, and share nothing with what was copied", () => {
    const copy = startValues("promotion", template, true);
    expect(copy.name).toBe("");
    copy.texts.en.title = "changed";
    expect(template.texts.en.title).toBe("Free delivery");
  });

  it("send no link with an invite and no department with a promotion", () => {
    const values = { ...startValues("invite", null, false), link: "https://x.example", department_id: "d1" };
    expect(toBody(values)).toMatchObject({ link: "", department_id: "d1" });
    expect(toBody({ ...values, kind: "promotion" })).toMatchObject({ link: "https://x.example", department_id: "" });
  });
});

it("shows each reader the own language, else the first that has words", () => {
  expect(spokenIn(template.texts)).toEqual(["en"]);
  expect(wordsIn(template.texts, "es").title).toBe("Free delivery");
  expect(wordsIn({ pt: empty, en: empty, es: empty }, "es")).toEqual(empty);
});

it("writes dark on light colours and light on dark ones", () => {
  expect(["#ffffff", "#ffd43b", "#0f766e", "#000000"].map(readableOn)).toEqual(["#000", "#000", "#fff", "#fff"]);
});
