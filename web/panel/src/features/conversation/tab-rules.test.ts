import { describe, expect, it } from "vitest";
import { aConversation, aMessage } from "@/app/live/testing.ts";
import { inTabOrder, mayClose, nextTab, promisedOf, turnOf, unreadOf, waitOf } from "./tab-rules.ts";

describe("tab rules", () => {
  it("refuses to close before the end (T107)", () => {
    expect(mayClose(aConversation({ state: "active" }))).toBe(false);
    expect(mayClose(aConversation({ state: "waiting" }))).toBe(false);
    expect(mayClose(aConversation({ state: "ended" }))).toBe(true);
    expect(mayClose(aConversation({ state: "abandoned" }))).toBe(true);
  });

  it("says whose turn it is and for how long (T124)", () => {
    const owed = aConversation({ unanswered_since: 10_000 });
    expect([turnOf(owed), waitOf(owed, 70_000)]).toEqual(["agent", 60_000]);
    expect(waitOf(owed, 5_000)).toBe(0);
    expect([turnOf(aConversation()), waitOf(aConversation(), 70_000)]).toEqual(["visitor", 0]);
    const held = aConversation({ unanswered_since: 10_000, hold_until: 90_000 });
    expect([turnOf(held), waitOf(held, 70_000)]).toEqual(["hold", 0]);
    const over = aConversation({ state: "ended", unanswered_since: 10_000 });
    expect([turnOf(over), waitOf(over, 70_000)]).toEqual(["over", 0]);
  });

  it("measures promised times: first response, each response, handling (P03)", () => {
    const level = {
      first_response: { warn: 30, breach: 60 },
      response: { warn: 0, breach: 20 },
      handling: { warn: 100, breach: 0 },
    };
    const first = aConversation({ queue_entered_at: 1000, unanswered_since: 1000, joined_at: null });
    expect([30_999, 31_000, 61_000].map((now) => promisedOf(first, level, now))).toEqual(["kept", "warn", "breach"]);
    const later = aConversation({ queue_entered_at: 1000, unanswered_since: 5000, joined_at: 2000 });
    expect([24_999, 25_000].map((now) => promisedOf(later, level, now))).toEqual(["kept", "breach"]);
    expect(promisedOf({ ...later, hold_until: 90_000 }, level, 25_000)).toBe("kept");
    expect(promisedOf({ ...later, unanswered_since: null }, level, 102_000)).toBe("warn");
    expect(promisedOf({ ...later, state: "ended" }, level, 900_000)).toBe("kept");
    expect(promisedOf(later, undefined, 900_000)).toBe("kept");
  });

  it("counts unread messages of the visitor only", () => {
    const messages = [
      aMessage(1),
      aMessage(2, { author: { kind: "agent", id: "ana", name: "Ana" } }),
      aMessage(3),
      aMessage(4, { visitor_sequence: null, audience: "agents", author: { kind: "agent", id: "b", name: "B" } }),
      aMessage(5, { visitor_sequence: 4 }),
    ];
    expect(unreadOf(aConversation({ agent_seen_sequence: 2 }), messages)).toBe(2);
    expect(unreadOf(aConversation({ agent_seen_sequence: 4 }), messages)).toBe(0);
  });

  it("falls back to the sequences when the messages are not loaded", () => {
    const conversation = aConversation({ agent_seen_sequence: 2, last_visitor_sequence: 5, unanswered_since: 1 });
    expect(unreadOf(conversation, [])).toBe(3);
    expect(unreadOf(conversation, [aMessage(5)])).toBe(3);
    expect(unreadOf({ ...conversation, unanswered_since: null }, [])).toBe(0);
  });

  it("keeps tabs in the order of their beginning and moves to a neighbour", () => {
    const late = aConversation({ id: "b", joined_at: 5 });
    const early = aConversation({ id: "a", joined_at: 3 });
    expect(inTabOrder([late, early]).map((each) => each.id)).toEqual(["a", "b"]);
    expect(nextTab(["a", "b", "c"], "b")).toBe("c");
    expect(nextTab(["a", "b"], "b")).toBe("a");
    expect(nextTab(["a"], "a")).toBeNull();
  });
});
