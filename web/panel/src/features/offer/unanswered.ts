import type { Conversation } from "@aceno/contract";

/** Whole seconds of what is left, never below none. */
export function seconds(left: number): number {
  return Math.max(0, Math.ceil(left / 1000));
}

/** Whether the agent still has to write in a conversation that the roulette gave: nothing was said to the visitor since joining. */
export function unanswered(conversation: Conversation | undefined): conversation is Conversation {
  if (conversation?.state !== "active" || conversation.joined_at === null) return false;
  const last = conversation.last_message;
  if (last?.author_kind === "agent" && last.at >= conversation.joined_at) return false;
  // A visitor who has said nothing yet is to be greeted too: the server counts it.
  return conversation.unanswered_since !== null || last === null || last.at <= conversation.joined_at;
}
