import { expect, it } from "vitest";
import { aMessage } from "@/app/live/testing.ts";
import { toLines } from "./lines.ts";
import type { Pending } from "./outbox.ts";

const day = (n: number, hour = 12) => new Date(2026, 10, n, hour).getTime();

function aPending(clientId: string, at: number): Pending {
  return {
    client_id: clientId,
    conversation_id: "c1",
    audience: "visitor",
    text: "",
    file: null,
    reply_to: null,
    at,
    state: "sending",
    progress: 0,
    problem: null,
  };
}

it("parts the days and puts what is on its way last, once", () => {
  const messages = [aMessage(1, { at: day(20) }), aMessage(2, { at: day(20, 13) }), aMessage(3, { at: day(22) })];
  const lines = toLines(messages, [aPending("k3", day(22)), aPending("new", day(22, 14))]);
  expect(lines.map((line) => `${line.kind} ${line.key.startsWith("day") ? "" : line.key}`.trim())).toEqual([
    "day",
    "message k1",
    "message k2",
    "day",
    "message k3",
    "pending new",
  ]);
});
