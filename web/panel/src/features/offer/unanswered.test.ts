import { expect, it } from "vitest";
import { aConversation } from "@/app/live/testing.ts";
import { unanswered } from "./unanswered.ts";

it("asks for an answer until the agent has written", () => {
  const given = aConversation({
    joined_at: 100,
    unanswered_since: 50,
    last_message: { text: "Oi", author_kind: "visitor", at: 60 },
  });
  expect(unanswered(given)).toBe(true);
  const answer = { text: "Olá", author_kind: "agent", at: 120 } as const;
  expect(unanswered({ ...given, unanswered_since: null, last_message: answer })).toBe(false);
  expect(unanswered({ ...given, unanswered_since: 130, last_message: answer })).toBe(false);
  expect(unanswered({ ...given, unanswered_since: null, last_message: null })).toBe(true);
  expect(unanswered({ ...given, state: "ended" })).toBe(false);
  expect(unanswered(undefined)).toBe(false);
});
