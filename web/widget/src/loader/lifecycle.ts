import type { Transport } from "./transport";

/** A timer later than this was not late but asleep: the machine was suspended, and the line with it. */
const asleepAfter = 90_000;
const pulseEvery = 20_000;

/** Begins when the page is shown: one that is only prerendered has no visitor yet. */
export function whenShown(begin: () => void): void {
  if ((document as { prerendering?: boolean }).prerendering) document.addEventListener("prerenderingchange", begin);
  else begin();
}

/**
 * Keeps the connection in step with the page's life: ends it when the page goes (so that it may enter the back-forward cache), and
 * renews it when the page, the network or the machine is back.
 */
export function followLife(transport: Transport, left: () => void, restored: () => void): void {
  addEventListener("pagehide", () => {
    left();
    transport.stop();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    restored();
    transport.restart();
  });
  addEventListener("online", transport.restart);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) transport.start();
  });
  let pulse = Date.now();
  setInterval(() => {
    if (Date.now() - pulse > asleepAfter) transport.restart();
    pulse = Date.now();
  }, pulseEvery);
}
