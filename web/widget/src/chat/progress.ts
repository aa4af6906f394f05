import type { VisitorConversation } from "../protocol";

/** Whether the conversation still goes on. */
export function isOpen(conversation: { state: string }): boolean {
  return conversation.state === "waiting" || conversation.state === "active";
}

/** Of two states of one conversation the later one: answers and frames can overtake each other. An end is final; sequences only grow. */
export function later(current: VisitorConversation, incoming: VisitorConversation): VisitorConversation {
  const older = incoming.last_sequence < current.last_sequence || (!isOpen(current) && isOpen(incoming));
  return {
    ...(older ? current : incoming),
    last_sequence: Math.max(current.last_sequence, incoming.last_sequence),
    agent_seen_sequence: Math.max(current.agent_seen_sequence, incoming.agent_seen_sequence),
  };
}
