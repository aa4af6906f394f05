import type { Message } from "@aceno/contract";
import { startOfDay } from "@/shared/format.ts";
import type { Pending } from "./outbox.ts";

/** What the message list draws, top to bottom. */
export type Line =
  | { kind: "day"; key: string; at: number }
  | { kind: "message"; key: string; message: Message }
  | { kind: "pending"; key: string; pending: Pending };

/** Messages with a line for each new day, then what is on its way. A message keeps its key when it arrives. */
export function toLines(messages: readonly Message[], pending: readonly Pending[]): Line[] {
  const lines: Line[] = [];
  let day = Number.NaN;
  const mark = (at: number) => {
    const start = startOfDay(at);
    if (start !== day) lines.push({ kind: "day", key: `day${start}`, at });
    day = start;
  };
  for (const message of messages) {
    mark(message.at);
    lines.push({ kind: "message", key: message.client_id || message.id, message });
  }
  const arrived = new Set(messages.map((message) => message.client_id));
  for (const item of pending) {
    if (arrived.has(item.client_id)) continue;
    mark(item.at);
    lines.push({ kind: "pending", key: item.client_id, pending: item });
  }
  return lines;
}
