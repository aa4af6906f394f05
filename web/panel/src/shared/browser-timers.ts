import type { Timers } from "@/app/live/socket.ts";

/** The page's own clock and timers. */
export const browserTimers: Timers = {
  set: (run, ms) => window.setTimeout(run, ms),
  clear: (id) => window.clearTimeout(id),
  now: () => Date.now(),
  random: () => Math.random(),
};
