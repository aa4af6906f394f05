import type { Api } from "@aceno/contract";

/** What an agent who leaves does with the open conversations. */
export type Parting =
  | { kind: "return" }
  | { kind: "keep" }
  | { kind: "end" }
  | { kind: "transfer"; departmentId: string }
  | { kind: "hand"; agentId: string };

/** The part of the API that is used. */
export interface Doors {
  session: Pick<Api["session"], "signOut">;
  conversations: Pick<Api["conversations"], "end" | "requeue" | "transfer">;
}

/**
 * Does it, then signs out. What is refused stops it: the agent is still there, and so are the conversations left. Who is handed
 * conversations is asked: until the answer they stay where they are, and go back to their queue when none comes in the grace time.
 */
export async function part(parting: Parting, open: readonly string[], doors: Doors): Promise<void> {
  for (const id of open) {
    if (parting.kind === "end") await doors.conversations.end(id);
    if (parting.kind === "transfer") await doors.conversations.requeue(id, parting.departmentId, "");
    if (parting.kind === "hand") await doors.conversations.transfer(id, parting.agentId, "");
  }
  await doors.session.signOut(parting.kind === "keep" || parting.kind === "hand" ? "keep" : "return");
}
