import { type KeyboardEvent, type PointerEvent, type RefCallback, useEffect, useRef, useState } from "react";

/** The list with one of its members at another place; the end that is nearest when there is no such place. */
export function placed<T>(list: readonly T[], one: T, at: number): T[] {
  const rest = list.filter((each) => each !== one);
  rest.splice(Math.max(0, Math.min(at, rest.length)), 0, one);
  return rest;
}

export function sameOrder<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at]);
}

export interface Sorting {
  /** The order to show: the list's, or that of the hand that drags. */
  order: readonly string[];
  /** Which member is being dragged. */
  held: string | null;
  row(id: string): { ref: RefCallback<HTMLElement>; "data-held": true | undefined };
  handle(id: string): {
    onPointerDown: (event: PointerEvent) => void;
    onKeyDown: (event: KeyboardEvent) => void;
    "data-handle": string;
  };
}

/**
 * A list that is put in order by dragging its handles or by the arrow keys on them. While a hand drags, and until `onOrder` is done,
 * the list stands still, whatever comes from the server meanwhile.
 */
export function useSorting(
  ids: readonly string[],
  onOrder: (order: string[], moved: string) => Promise<void>,
): Sorting {
  const [drag, setDrag] = useState<{ held: string | null; order: readonly string[] } | null>(null);
  const rows = useRef(new Map<string, HTMLElement>());
  const focus = useRef<string | null>(null);
  const stop = useRef<(() => void) | null>(null);
  const order = drag?.order ?? ids;
  const now = useRef({ ids, onOrder, order });
  now.current = { ids, onOrder, order };
  useEffect(() => () => stop.current?.(), []);
  useEffect(() => {
    // A row that React moves in the page loses the focus.
    const id = focus.current;
    if (id === null || order.length === 0) return;
    const handle = rows.current.get(id)?.querySelector<HTMLElement>("[data-handle]");
    if (handle && document.activeElement !== handle) handle.focus();
    if (drag === null) focus.current = null;
  }, [order, drag]);

  const settle = (next: readonly string[], moved: string) => {
    if (sameOrder(next, now.current.ids)) {
      setDrag(null);
      return;
    }
    setDrag({ held: null, order: next });
    void now.current.onOrder([...next], moved).finally(() => setDrag(null));
  };

  const begin = (id: string, event: PointerEvent) => {
    if (drag !== null || event.button !== 0) return;
    event.preventDefault();
    let next = now.current.order;
    setDrag({ held: id, order: next });
    const move = ({ clientY }: globalThis.PointerEvent) => {
      const at = next.findIndex((each) => {
        const box = rows.current.get(each)?.getBoundingClientRect();
        return box !== undefined && clientY < box.bottom;
      });
      const wished = placed(next, id, at === -1 ? next.length : at);
      if (sameOrder(wished, next)) return;
      next = wished;
      setDrag({ held: id, order: next });
    };
    const end = (order: readonly string[]) => {
      stop.current?.();
      settle(order, id);
    };
    const drop = () => end(next);
    const cancel = () => end(now.current.ids);
    const onKey = (key: globalThis.KeyboardEvent) => {
      if (key.key !== "Escape") return;
      key.stopPropagation();
      cancel();
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", drop);
    window.addEventListener("pointercancel", cancel);
    window.addEventListener("keydown", onKey, true);
    stop.current = () => {
      stop.current = null;
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", drop);
      window.removeEventListener("pointercancel", cancel);
      window.removeEventListener("keydown", onKey, true);
    };
  };

  return {
    order,
    held: drag?.held ?? null,
    row: (id) => ({
      ref: (element) => {
        if (element) rows.current.set(id, element);
        else rows.current.delete(id);
      },
      "data-held": drag?.held === id || undefined,
    }),
    handle: (id) => ({
      "data-handle": id,
      onPointerDown: (event) => begin(id, event),
      onKeyDown: (event) => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        if (drag !== null) return;
        focus.current = id;
        settle(placed(order, id, Math.max(0, order.indexOf(id) + by)), id);
      },
    }),
  };
}
