import type { GridRow } from "@aceno/contract";
import { describe, expect, it } from "vitest";
import { whyNot } from "./rules.ts";

const row = (state: GridRow["state"], outreach: GridRow["outreach_state"] = null, agent: string | null = null) => ({
  state,
  outreach_state: outreach,
  agent_id: agent,
});

describe("whyNot", () => {
  it("needs somebody", () => expect(whyNot("invite", [], "ana")).toBe("none"));
  it("lets be sent to who browses, who refused, and who left the chat", () => {
    for (const each of [row("browsing"), row("idle", "refused"), row("ended", "expired")])
      expect(whyNot("invite", [each], "ana")).toBeNull();
  });
  it("says why not", () => {
    expect(whyNot("invite", [row("browsing", "shown")], "ana")).toBe("pending");
    expect(whyNot("promotion", [row("waiting")], "ana")).toBe("talking");
    expect(whyNot("invite", [row("blocked")], "ana")).toBe("blocked");
  });
  it("lets a redirect replace what is pending, and the agent in charge redirect", () => {
    expect(whyNot("redirect", [row("browsing", "shown")], "ana")).toBeNull();
    expect(whyNot("redirect", [row("active", null, "ana")], "ana")).toBeNull();
    expect(whyNot("redirect", [row("active", null, "bruno")], "ana")).toBe("talking");
  });
  it("needs one of several", () => {
    expect(whyNot("invite", [row("waiting"), row("browsing")], "ana")).toBeNull();
    expect(whyNot("invite", [row("waiting"), row("blocked")], "ana")).toBe("talking");
  });
});
