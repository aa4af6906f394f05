import { describe, expect, it } from "vitest";
import { fromSnapshot, type LiveState } from "@/app/live/state.ts";
import { aConversation, anAgent, aSnapshot } from "@/app/live/testing.ts";
import { whyNot } from "./next-state.ts";

const counters = { browsing: 9, waiting: 2, waiting_since: 1, active: 0, finished: 0, abandoned: 0 };
const state = fromSnapshot(aSnapshot(1, { counters }), null);
const withAgent = (change: Parameters<typeof anAgent>[0]): LiveState => ({
  ...state,
  me: { ...state.me, agent: anAgent(change) },
});

describe("next in queue", () => {
  it("can be pressed when somebody waits and I am able", () => {
    expect(whyNot(state, "live")).toBeNull();
    expect(whyNot(withAgent({ status: "busy" }), "live")).toBeNull();
  });

  it("says why it cannot", () => {
    expect(whyNot({ ...state, me: { ...state.me, permissions: [] } }, "live")).toBe("next_forbidden");
    expect(whyNot(state, "reconnecting")).toBe("next_disconnected");
    expect(whyNot(withAgent({ status: "offline" }), "live")).toBe("next_offline");
    expect(whyNot({ ...state, counters: { ...counters, waiting: 0 } }, "live")).toBe("next_empty");
  });

  it("counts only conversations in progress against the limit", () => {
    const limited = withAgent({ conversation_limit: 1 });
    expect(whyNot({ ...limited, conversations: { c1: aConversation({ state: "ended" }) } }, "live")).toBeNull();
    expect(whyNot({ ...limited, conversations: { c1: aConversation() } }, "live")).toBe("next_limit");
  });
});
