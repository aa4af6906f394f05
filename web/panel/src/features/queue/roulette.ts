import type { QueueAgent } from "@aceno/contract";

/** Those of the roulette in the order of their turns, then those who only pull, each group as the server lists them. */
export function inTurn(agents: readonly QueueAgent[]): QueueAgent[] {
  const spun = agents.filter(({ method }) => method !== "manual");
  spun.sort((a, b) => a.turn - b.turn || (a.agent_id < b.agent_id ? -1 : 1));
  return [...spun, ...agents.filter(({ method }) => method === "manual")];
}

/** The place in the roulette, from 1, of each agent who is in it; `sorted` is in the order of turns. */
export function turnsOf(sorted: readonly QueueAgent[]): ReadonlyMap<string, number> {
  return new Map(sorted.filter(({ method }) => method !== "manual").map(({ agent_id }, at) => [agent_id, at + 1]));
}
