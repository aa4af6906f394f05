import { describe, expect, it } from "vitest";
import { aMessage } from "@/app/live/testing.ts";
import { mayChange, oneLine } from "./intent.ts";

const mine = { author: { kind: "agent" as const, id: "ana", name: "Ana" }, at: 1_000 };

describe("mayChange", () => {
  it("is for own messages of the last 15 minutes", () => {
    expect(mayChange(aMessage(1, mine), "ana", 1_000 + 900_000)).toBe(true);
    expect(mayChange(aMessage(1, mine), "ana", 1_001 + 900_000)).toBe(false);
    expect(mayChange(aMessage(1, mine), "bruno", 1_000)).toBe(false);
    expect(mayChange(aMessage(1), "ana", 1_000)).toBe(false);
    expect(mayChange(aMessage(1, { ...mine, deleted_at: 2_000 }), "ana", 2_000)).toBe(false);
    expect(mayChange(aMessage(1, { ...mine, kind: "system" }), "ana", 2_000)).toBe(false);
  });
});

describe("oneLine", () => {
  it("shows a text without line ends, a file by its name, and nothing of what was deleted", () => {
    expect(oneLine(aMessage(1, { text: "um\n dois" }), "apagada")).toBe("um dois");
    const file = { id: "f", name: "a.pdf", content_type: "application/pdf", size: 1, url: "/" };
    expect(oneLine(aMessage(1, { text: "", file }), "apagada")).toBe("a.pdf");
    expect(oneLine(aMessage(1, { text: "", deleted_at: 5 }), "apagada")).toBe("apagada");
  });
});
