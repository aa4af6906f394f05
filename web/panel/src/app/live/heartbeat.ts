/** The worker beats every 5 s; a longer pause means that the machine slept or the tab was frozen. */
const sleptAfter = 20_000;

export interface HeartbeatDeps {
  /** Starts the 5 s timer; returns how to stop it. */
  tick: (run: () => void) => () => void;
  now: () => number;
  /** Every 5 s: the server takes a panel for asleep that gave no sign of life for 15 s. */
  onBeat: () => void;
  /** The machine or the tab was suspended and is back. */
  onAwake: () => void;
}

/** Beats every 5 s, and notices that time went by without us. Returns how to stop. */
export function startHeartbeat(deps: HeartbeatDeps): () => void {
  let tickedAt = deps.now();
  return deps.tick(() => {
    const now = deps.now();
    if (now - tickedAt >= sleptAfter) deps.onAwake();
    tickedAt = now;
    deps.onBeat();
  });
}

/** The worker's timer, or the page's own where workers are refused. */
export function workerTick(run: () => void): () => void {
  try {
    const worker = new Worker(new URL("./beat.worker.ts", import.meta.url), { type: "module", name: "beat" });
    worker.onmessage = run;
    return () => worker.terminate();
  } catch {
    const timer = setInterval(run, 5_000);
    return () => clearInterval(timer);
  }
}
