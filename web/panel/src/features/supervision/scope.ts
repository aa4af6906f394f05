import type { Supervision } from "@aceno/contract";

/**
 * The conversations of a department and an agent, `null` for all of them: who waits for an answer first, the longest waiting on
 * top, then the others in the order in which they came.
 */
export function inScope(
  all: readonly Supervision[],
  department: string | null,
  agent: string | null,
): readonly Supervision[] {
  const waits = (each: Supervision) => (each.state === "waiting" ? each.queue_entered_at : each.unanswered_since);
  return all
    .filter((each) => department === null || each.department_id === department)
    .filter((each) => agent === null || each.agent_id === agent)
    .toSorted((a, b) => {
      const [first, second] = [waits(a), waits(b)];
      if (first !== null && second !== null) return first - second || a.number - b.number;
      if (first !== null) return -1;
      return second !== null ? 1 : a.number - b.number;
    });
}
