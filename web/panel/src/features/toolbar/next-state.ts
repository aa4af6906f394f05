import type { LinkStatus, LiveState } from "@/app/live/state.ts";

export type NextRefusal = "next_forbidden" | "next_disconnected" | "next_offline" | "next_limit" | "next_empty";

/** Why "next in queue" cannot be pressed now; `null` when it can. The server decides again. */
export function whyNot(state: LiveState, link: LinkStatus): NextRefusal | null {
  const { agent, permissions } = state.me;
  if (!permissions.includes("queue.take")) return "next_forbidden";
  if (link !== "live") return "next_disconnected";
  if (agent.status === "offline") return "next_offline";
  const active = Object.values(state.conversations).filter((each) => each.state === "active").length;
  if (active >= agent.conversation_limit) return "next_limit";
  if (state.counters.waiting === 0) return "next_empty";
  return null;
}
