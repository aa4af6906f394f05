import { expect, it } from "vitest";
import { type Doors, part } from "./parting.ts";

function doors(refuses?: string) {
  const done: string[] = [];
  const does = (what: string) => {
    if (what === refuses) return Promise.reject(new Error(what));
    done.push(what);
    return Promise.resolve(undefined as never);
  };
  const opened: Doors = {
    session: { signOut: (conversations) => does(`sign out, ${conversations}`) },
    conversations: {
      end: (id) => does(`end ${id}`),
      requeue: (id, to) => does(`${id} to ${to}`),
      transfer: (id, to) => does(`${id} asked of ${to}`),
    },
  };
  return { done, opened };
}

it.each([
  [{ kind: "return" }, ["sign out, return"]],
  [{ kind: "keep" }, ["sign out, keep"]],
  [{ kind: "end" }, ["end a", "end b", "sign out, return"]],
  [{ kind: "transfer", departmentId: "d" }, ["a to d", "b to d", "sign out, return"]],
  [{ kind: "hand", agentId: "x" }, ["a asked of x", "b asked of x", "sign out, keep"]],
] as const)("does %o before it signs out", async (parting, steps) => {
  const { done, opened } = doors();
  await part(parting, ["a", "b"], opened);
  expect(done).toEqual(steps);
});

it("stays when something is refused", async () => {
  const { done, opened } = doors("end b");
  await expect(part({ kind: "end" }, ["a", "b"], opened)).rejects.toThrow("end b");
  expect(done).toEqual(["end a"]);
});
