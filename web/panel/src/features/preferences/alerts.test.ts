import type { LiveEvent } from "@aceno/contract";
import { describe, expect, it } from "vitest";
import { fromSnapshot } from "@/app/live/state.ts";
import { aConversation, aMessage, anAgent, aSnapshot } from "@/app/live/testing.ts";
import { mayPlay, soundOf } from "./alerts.ts";
import { defaults } from "./preferences.ts";

const state = fromSnapshot(aSnapshot(1), null);
const base = { t: "event" as const, position: 2, at: 0 };

function queued(department: string): LiveEvent {
  const conversation = aConversation({ state: "waiting", agent_id: null, department_id: department });
  return { ...base, kind: "conversation.queued", payload: { conversation } };
}

function message(author: "visitor" | "agent", agent = "ana"): LiveEvent {
  const conversation = aConversation({ agent_id: agent });
  const carried = aMessage(1, { author: { kind: author, id: null, name: "" } });
  return { ...base, kind: "conversation.message", payload: { conversation_id: "c1", message: carried, conversation } };
}

describe("what sounds", () => {
  it("somebody waits in one of my departments, unless I am offline", () => {
    expect(soundOf(queued("sales"), state, new Set())).toBe("waiting");
    expect(soundOf(queued("support"), state, new Set())).toBeNull();
    const all = { ...state, me: { ...state.me, supervises_all: true } };
    expect(soundOf(queued("support"), all, new Set())).toBe("waiting");
    const offline = { ...state, me: { ...state.me, agent: anAgent({ status: "offline" }) } };
    expect(soundOf(queued("sales"), offline, new Set())).toBeNull();
  });

  it("a visitor of mine wrote and nobody is looking", () => {
    expect(soundOf(message("visitor"), state, new Set())).toBe("message");
    expect(soundOf(message("visitor"), state, new Set(["c1"]))).toBeNull();
    expect(soundOf(message("agent"), state, new Set())).toBeNull();
    expect(soundOf(message("visitor", "bruno"), state, new Set())).toBeNull();
  });

  it("only what the preferences allow", () => {
    expect(mayPlay("waiting", defaults)).toBe(true);
    expect(mayPlay("waiting", { ...defaults, sound_waiting: false })).toBe(false);
    expect(mayPlay("message", { ...defaults, sound_waiting: false })).toBe(true);
    expect(mayPlay("message", { ...defaults, sound: false })).toBe(false);
  });
});
