import type { Conversation } from "@aceno/contract";

/** Whether the agent still has to write in a conversation that the roulette gave: nothing was said to the visitor since joining. */
export function unanswered(conversation: Conversation | undefined): conversation is Conversation {
  if (conversation?.state !== "active" || conversation.joined_at === null) return false;
  const last = conversation.last_message;
  return (
    !(last?.author_kind === "agent" && last.at >= conversation.joined_at) && conversation.unanswered_since !== null
  );
}
