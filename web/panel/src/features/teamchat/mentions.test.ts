import { describe, expect, it } from "vitest";
import { mentionAt, mentionedIn, splitMentions, suggest } from "./mentions.ts";

const ana = { id: "a", name: "Ana" };
const anaLu = { id: "al", name: "Ana Luísa" };
const joao = { id: "j", name: "João Moreira" };
const people = [ana, anaLu, joao];

describe("the name being typed", () => {
  it.each([
    ["oi @jo", { from: 3, text: "jo" }],
    ["@", { from: 0, text: "" }],
    ["(@Ana Lu", { from: 1, text: "Ana Lu" }],
    ["linha\n@João", { from: 6, text: "João" }],
    ["maria@example.com", null],
    ["oi @Ana Luísa Dias", null],
    ["oi", null],
  ])("of %j", (text, found) => {
    expect(mentionAt(text, text.length)).toEqual(found);
  });

  it("is only what stands before the caret", () => {
    expect(mentionAt("oi @jo e mais", 6)).toEqual({ from: 3, text: "jo" });
  });
});

it("finds people by the beginning of any of their names, whatever the accents", () => {
  expect(suggest(people, "lui")).toEqual([anaLu]);
  expect(suggest(people, "JOAO m")).toEqual([joao]);
  expect(suggest(people, "")).toEqual(people);
  expect(suggest(people, "x")).toEqual([]);
});

it("knows who stands in a text", () => {
  expect(mentionedIn("@João Moreira e @Ana, vejam", people)).toEqual(["a", "j"]);
  expect(mentionedIn("ana sem arroba", people)).toEqual([]);
});

it("cuts a text at its mentions, the longer name first", () => {
  expect(splitMentions("oi @Ana Luísa! e @Ana", people)).toEqual([
    { text: "oi ", person: null },
    { text: "@Ana Luísa", person: anaLu },
    { text: "! e ", person: null },
    { text: "@Ana", person: ana },
  ]);
  expect(splitMentions("a@b @Nobody", people)).toEqual([{ text: "a@b @Nobody", person: null }]);
});
