import { guard } from "../loader/safe";

type Stub = ((...args: unknown[]) => void) & { q?: Iterable<unknown>[]; v?: number };

/**
 * Hears the commands of pages that still carry the original product's install code, `_tn.push(["_setName", "Maria"])`: the entries
 * that are there, in their order, then those that are pushed later. `_setName` and `name` are the same command, and so on; what
 * Aceno calls otherwise is translated; a function in the list is called in its turn. Everything else of such a page stays as it is.
 */
export function adopt(page: Window): void {
  const host = page as { _tn?: unknown; aceno?: unknown };
  if (host._tn === undefined) host._tn = [];
  const list = host._tn;
  if (!Array.isArray(list)) return;
  if (typeof host.aceno !== "function") {
    const stub: Stub = (...args) => {
      stub.q = stub.q ?? [];
      stub.q.push(args);
    };
    host.aceno = stub;
  }
  function hear(entry: unknown): void {
    guard(() => {
      if (typeof entry === "function") {
        entry();
        return;
      }
      if (!Array.isArray(entry) || typeof entry[0] !== "string") return;
      const [name, ...values] = entry;
      const plain = name.replace(/^_?(set)?/, "").toLowerCase();
      (host.aceno as Stub)(plain === "account" ? "key" : plain, ...values);
    });
  }
  const entries = [...list];
  Object.defineProperty(list, "push", {
    configurable: true,
    writable: true,
    value: (...more: unknown[]) => {
      for (const entry of more) hear(entry);
      return Array.prototype.push.apply(list, more);
    },
  });
  for (const entry of entries) hear(entry);
}
