import type { Message } from "@aceno/contract";

/** What the typing field is for besides a new message: answering one that is quoted, or changing an own one. */
export interface Intent {
  kind: "reply" | "edit";
  message: Message;
}

/** How long after sending an agent may change an own message; the server decides again. */
const changeWindow = 15 * 60_000;

/** May the agent still edit or delete the message? */
export function mayChange(message: Message, agent: string, now: number): boolean {
  const own = message.author.kind === "agent" && message.author.id === agent;
  return own && message.kind !== "system" && !message.deleted_at && now - message.at <= changeWindow;
}

/** A message in one line, for where it is quoted. */
export function oneLine(message: Message, deleted: string): string {
  if (message.deleted_at) return deleted;
  return (message.file?.name ?? message.text).replaceAll(/\s+/g, " ");
}
