import { guard } from "../loader/safe";
import type { PageCondition, Watches } from "../protocol";
import type { StartTopic } from "./topic";

/** A visitor who moves up at this many pixels in a glance, on a device without a pointer, is on the way to the address bar. */
const swipe = 400;
const glance = 250;

/**
 * What only the page knows about a trigger's conditions: how far the visitor scrolled, that he is about to leave, the time on the page,
 * clicks on the call. The server says what to watch for, each time anew; the page says when it happened, and nothing else.
 */
export const conditions: StartTopic = (bridge) => {
  let watches: Watches = { t: "watch", id: 0, elapsed: 0, watches: [] };
  let began = 0;
  let deepest = 0;
  let leaving = false;
  let clicks = 0;
  /** What was said of this page, and after how many clicks. */
  let said = new Map<string, number>();
  let timers: ReturnType<typeof setTimeout>[] = [];
  let watching = false;
  let last = { at: 0, y: 0 };

  const seconds = () => (performance.now() - began) / 1000;

  function holds(condition: PageCondition): boolean {
    if (condition.scroll) return deepest >= condition.scroll;
    if (condition.seconds) return seconds() >= condition.seconds;
    if (condition.leaving) return leaving;
    return !!condition.click && clicks > 0;
  }

  /** Says of every rule whose conditions hold that they do, once; of those with a click after each click. What can't be sent waits. */
  function look(): void {
    for (const { id, match, conditions } of watches.watches) {
      const told = said.get(id);
      if (told !== undefined && (told === clicks || !conditions.some(({ click }) => click))) continue;
      const met = match === "any" ? conditions.some(holds) : conditions.every(holds);
      if (met && bridge.send({ t: "met", id, page: watches.id })) said.set(id, clicks);
    }
  }

  function scrolled(): void {
    const root = document.scrollingElement ?? document.documentElement;
    const height = root.scrollHeight - innerHeight;
    // A page that fits is read to its end at once.
    deepest = Math.max(deepest, height > 0 ? Math.round((root.scrollTop / height) * 100) : 100);
    const now = performance.now();
    if (now - last.at > glance) last = { at: now, y: scrollY };
    else if (last.y - scrollY > swipe && matchMedia("(hover: none)").matches) leaving = true;
    look();
  }

  function watch(): void {
    if (watching) return;
    watching = true;
    addEventListener("scroll", () => guard(scrolled), { passive: true });
    document.addEventListener("mouseout", ({ relatedTarget, clientY }) => {
      if (relatedTarget || clientY > 0) return;
      leaving = true;
      guard(look);
    });
    bridge.listen((signal) => {
      if (signal.t === "show" && signal.open) clicks++;
      if (signal.t === "show" || signal.t === "link") look();
    });
  }

  return {
    frames: {
      watch(frame) {
        if (frame.id !== watches.id) {
          began = performance.now() - frame.elapsed;
          deepest = 0;
          leaving = false;
          clicks = 0;
          said = new Map();
        }
        watches = frame;
        for (const timer of timers) clearTimeout(timer);
        timers = frame.watches
          .flatMap(({ conditions }) => conditions)
          .flatMap((condition) => condition.seconds ?? [])
          .map((wait) => setTimeout(() => guard(look), Math.max(0, wait - seconds()) * 1000 + 10));
        if (!frame.watches.length) return;
        watch();
        scrolled();
      },
      department({ id }) {
        bridge.context.department = id;
        bridge.render();
      },
    },
  };
};
