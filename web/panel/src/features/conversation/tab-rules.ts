import type { Conversation, DepartmentSettings, Message } from "@aceno/contract";

/** Who has to act: the agent owes an answer, the visitor is to write, nobody for a while, or it is over. */
export type Turn = "agent" | "visitor" | "hold" | "over";

/** From here on a visitor who waits for an answer is loud. */
export const lateAfter = 60_000;

export function turnOf(conversation: Conversation): Turn {
  if (conversation.state !== "active") return "over";
  if (conversation.hold_until !== null) return "hold";
  return conversation.unanswered_since === null ? "visitor" : "agent";
}

/** How long the visitor has been waiting for an answer, in milliseconds; 0 when none is owed. */
export function waitOf(conversation: Conversation, now: number): number {
  if (turnOf(conversation) !== "agent" || conversation.unanswered_since === null) return 0;
  return Math.max(0, now - conversation.unanswered_since);
}

/** How a promised time stands: kept so far or not promised, about to be missed, missed. */
export type Promised = "kept" | "warn" | "breach";

/**
 * How a conversation stands against the times its department promises (P03): the first response counts from the queue, each other
 * one from the visitor's message, handling from the agent's joining. On hold only handling runs. The worst one counts.
 */
export function promisedOf(
  conversation: Conversation,
  level: DepartmentSettings["service_level"] | undefined,
  now: number,
): Promised {
  if (level === undefined || mayClose(conversation)) return "kept";
  const { unanswered_since: since, queue_entered_at, joined_at, hold_until } = conversation;
  const running: [number | null, { warn: number; breach: number }][] = [
    [hold_until === null ? since : null, since === queue_entered_at ? level.first_response : level.response],
    [joined_at, level.handling],
  ];
  let worst: Promised = "kept";
  for (const [from, { warn, breach }] of running) {
    if (from === null) continue;
    const seconds = (now - from) / 1000;
    if (breach > 0 && seconds >= breach) return "breach";
    if (warn > 0 && seconds >= warn) worst = "warn";
  }
  return worst;
}

/** The agent takes part beside the one in charge: closing the tab is leaving. */
export function isGuest(conversation: Conversation, me: string): boolean {
  return conversation.agent_id !== me && conversation.participants.some(({ agent_id }) => agent_id === me);
}

/** The × is refused until the conversation was ended (T107). */
export function mayClose(conversation: Conversation): boolean {
  return conversation.state !== "active" && conversation.state !== "waiting";
}

/** Messages of the visitor that the agent has not read. Exact where the messages are loaded, else from the sequences. */
export function unreadOf(conversation: Conversation, messages: readonly Message[]): number {
  const seen = conversation.agent_seen_sequence;
  const first = messages.find((message) => message.visitor_sequence !== null)?.visitor_sequence;
  if (first !== undefined && first !== null && first <= seen + 1) {
    return messages.filter((message) => message.author.kind === "visitor" && (message.visitor_sequence ?? 0) > seen)
      .length;
  }
  if (conversation.unanswered_since === null) return 0;
  return Math.max(0, conversation.last_visitor_sequence - seen);
}

/** Tabs keep the order in which the conversations began, so that none moves under the pointer. */
export function inTabOrder(conversations: readonly Conversation[]): Conversation[] {
  return [...conversations].sort(
    (a, b) => (a.joined_at ?? a.queue_entered_at) - (b.joined_at ?? b.queue_entered_at) || a.number - b.number,
  );
}

/** Where to go when the tab in front was closed: its right neighbour, else its left one. */
export function nextTab(order: readonly string[], closed: string): string | null {
  const at = order.indexOf(closed);
  if (at === -1) return order[0] ?? null;
  return order[at + 1] ?? order[at - 1] ?? null;
}
