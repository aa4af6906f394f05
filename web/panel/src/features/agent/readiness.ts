import type { AgentStatus } from "@aceno/contract";
import type { Presence } from "@/app/live/state.ts";

export type Part = "wish" | "connection" | "awake" | "sound";

/** What an agent needs to be offered conversations (B08), part by part: whether it is there. */
export function readiness(
  status: AgentStatus,
  connected: boolean,
  presence: Presence | undefined,
): Readonly<Record<Part, boolean>> {
  return {
    wish: status === "online",
    connection: connected,
    awake: connected && presence?.awake === true,
    sound: presence !== undefined && (presence.sound || presence.quiet),
  };
}
