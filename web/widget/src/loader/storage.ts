import type { Store } from "../bridge";
import { guard } from "./safe";

/**
 * Opens one of the browser's storages for a site's key. Where the browser refuses it (private windows, sandboxed frames,
 * full quota), or the visitor has not agreed to anything being kept, the values live in memory, as long as the page. Until the server
 * has said which it is, only a visitor's storage that has a token of ours is written to.
 */
export function openStore(area: "localStorage" | "sessionStorage", key: string): Store {
  const memory = new Map<string, string | null>();
  const full = (name: string) => `aceno.${key}.${name}`;
  const get: Store["get"] = (name) => {
    const kept = memory.get(name);
    return kept === undefined ? (guard(() => window[area].getItem(full(name))) ?? null) : kept;
  };
  const set: Store["set"] = (name, value) => {
    const written = guard(() => {
      if (keeps && value !== null) window[area].setItem(full(name), value);
      else window[area].removeItem(full(name));
      return keeps || value === null;
    });
    if (written) memory.delete(name);
    else memory.set(name, value);
  };
  let keeps = !!get("token");
  return {
    get,
    set,
    keep(on) {
      keeps = on;
      for (const entry of memory) set(...entry);
    },
  };
}
