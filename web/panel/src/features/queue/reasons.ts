import type { RouletteReason } from "@aceno/contract";

const able: ReadonlySet<RouletteReason> = new Set([
  "by_invite",
  "by_sticky",
  "by_skill",
  "by_language",
  "by_load",
  "by_turn",
  "later_turn",
  "overflow",
]);

/** Is it the reason of an agent who could be offered the conversation? */
export function isAble(reason: RouletteReason): boolean {
  return able.has(reason);
}
