import type { SiteEvent } from "../bridge";

export interface Callbacks {
  on(event: unknown, callback: (detail?: unknown) => void): void;
  /** Calls the site's functions for an event. One that throws is reported and hurts neither the others nor us. */
  emit(event: SiteEvent, detail?: unknown): void;
}

export function createCallbacks(): Callbacks {
  const list: [unknown, (detail?: unknown) => void][] = [];
  return {
    on: (event, callback) => list.push([event, callback]),
    emit(event, detail) {
      for (const [name, callback] of list) {
        try {
          if (name === event) callback(detail);
        } catch (error) {
          // biome-ignore lint/suspicious/noConsole: whoever wrote the callback has to learn of it
          console.warn("aceno", error);
        }
      }
    },
  };
}
