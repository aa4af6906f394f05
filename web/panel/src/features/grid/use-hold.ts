import { useEffect } from "react";
import type { GridModel } from "./grid-model.ts";

/** Without any movement for this long the order flows again: a mouse forgotten over the grid must not stop the world. */
const restAfter = 10_000;

/**
 * Holds the order while the pointer is over the rows or keys are used in them. `pinned` holds it without end: a menu is open
 * on a row.
 */
export function useHold(model: GridModel, element: HTMLElement | null, pinned: boolean): void {
  useEffect(() => {
    if (!element) return;
    if (pinned) {
      model.freeze(true);
      return () => model.freeze(false);
    }
    let timer: number | undefined;
    const rest = () => {
      window.clearTimeout(timer);
      model.freeze(false);
    };
    const hold = () => {
      window.clearTimeout(timer);
      model.freeze(true);
      timer = window.setTimeout(() => model.freeze(false), restAfter);
    };
    const left = () => {
      if (!element.contains(document.activeElement)) rest();
    };
    const holding = ["pointermove", "pointerdown", "keydown", "wheel"] as const;
    for (const kind of holding) element.addEventListener(kind, hold, { passive: true });
    element.addEventListener("pointerleave", left);
    element.addEventListener("focusout", rest);
    return () => {
      for (const kind of holding) element.removeEventListener(kind, hold);
      element.removeEventListener("pointerleave", left);
      element.removeEventListener("focusout", rest);
      rest();
    };
  }, [model, element, pinned]);
}
