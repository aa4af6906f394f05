import type { Api } from "@aceno/contract";

/** What an agent who leaves does with the open conversations. */
export type Parting =
  | { kind: "return" }
  | { kind: "keep" }
  | { kind: "end" }
  | { kind: "transfer"; departmentId: string };

/** The part of the API that is used. */
export interface Doors {
  session: Pick<Api["session"], "signOut">;
  conversations: Pick<Api["conversations"], "end" | "requeue">;
}

/** Does it, then signs out. What is refused stops it: the agent is still there, and so are the conversations left. */
export async function part(parting: Parting, open: readonly string[], doors: Doors): Promise<void> {
  for (const id of open) {
    if (parting.kind === "end") await doors.conversations.end(id);
    if (parting.kind === "transfer") await doors.conversations.requeue(id, parting.departmentId, "");
  }
  await doors.session.signOut(parting.kind === "keep" ? "keep" : "return");
}
