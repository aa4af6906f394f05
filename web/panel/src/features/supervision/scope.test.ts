import type { Supervision } from "@aceno/contract";
import { expect, it } from "vitest";
import { inScope } from "./scope.ts";

const one = (id: string, change: Partial<Supervision>): Supervision => ({
  id,
  number: Number(id),
  state: "active",
  site_id: "s",
  department_id: "sales",
  agent_id: "ana",
  visitor_name: "Maria",
  queue_entered_at: 1000,
  joined_at: 2000,
  unanswered_since: null,
  last_message: null,
  watching: false,
  ...change,
});

it("puts who waits longest on top and keeps the others in their order", () => {
  const all = [
    one("1", {}),
    one("2", { unanswered_since: 5000 }),
    one("3", { state: "waiting", agent_id: null, queue_entered_at: 3000 }),
    one("4", { department_id: "support", agent_id: "bruno" }),
  ];
  expect(inScope(all, null, null).map((each) => each.id)).toEqual(["3", "2", "1", "4"]);
  expect(inScope(all, "support", null).map((each) => each.id)).toEqual(["4"]);
  expect(inScope(all, null, "ana").map((each) => each.id)).toEqual(["2", "1"]);
  expect(inScope(all, "support", "ana")).toEqual([]);
});
