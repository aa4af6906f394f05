import type { Store } from "../bridge";
import { guard } from "./safe";

/**
 * Opens one of the browser's storages for a site's key. Where the browser refuses it (private windows, sandboxed frames,
 * full quota) the values live in memory, as long as the page.
 */
export function openStore(area: "localStorage" | "sessionStorage", key: string): Store {
  const memory = new Map<string, string | null>();
  const full = (name: string) => `aceno.${key}.${name}`;
  return {
    get(name) {
      const kept = memory.get(name);
      return kept === undefined ? (guard(() => window[area].getItem(full(name))) ?? null) : kept;
    },
    set(name, value) {
      const written = guard(() => {
        if (value === null) window[area].removeItem(full(name));
        else window[area].setItem(full(name), value);
        return true;
      });
      if (written) memory.delete(name);
      else memory.set(name, value);
    },
  };
}
