import type { DeliveryState, GridRow } from "@aceno/contract";

/** What an agent can send. */
export type Sendable = "invite" | "promotion" | "redirect";
export const sendables: readonly Sendable[] = ["invite", "promotion", "redirect"];

export function isPending(state: DeliveryState | null): boolean {
  return state === "queued" || state === "delivered" || state === "shown";
}

type Chosen = Pick<GridRow, "state" | "outreach_state" | "agent_id">;

/** Why nothing can be sent to any of the visitors, null when it can be to one at least. The server has the last word. */
export function whyNot(
  kind: Sendable,
  chosen: readonly Chosen[],
  me: string,
): "none" | "pending" | "talking" | "blocked" | null {
  if (chosen.length === 0) return "none";
  const reasons = chosen.map((row) => {
    if (row.state === "blocked") return "blocked";
    const talks = row.state === "waiting" || row.state === "active";
    if (talks && !(kind === "redirect" && row.state === "active" && row.agent_id === me)) return "talking";
    return kind !== "redirect" && isPending(row.outreach_state) ? "pending" : null;
  });
  return reasons.includes(null) ? null : (reasons[0] ?? null);
}
