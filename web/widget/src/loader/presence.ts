import type { ClientFrame } from "../protocol";
import { pageKey, watchNavigation } from "./navigation";
import { guard } from "./safe";

/** At most one activity frame in this many milliseconds. */
const activityEvery = 30_000;
/** Titles are often set just after the address. */
const titleSettles = 150;
/** A page that animates its title must not talk to the server all day. */
const titlesPerPage = 3;

export interface Presence {
  /** The page as it is now, cut to the lengths the server takes. */
  view(): { url: string; title: string; referrer: string };
  /** Starts to listen to the page. */
  watch(): void;
  /** Announces a page view: by navigation, or by the site's own command. */
  page(): void;
}

/** An address as the server takes it: not too long, and without a percent sign that stands for nothing. */
function cut(address: string): string {
  return address.slice(0, 1500).replace(/%(?![\da-f]{2})/gi, "%25");
}

/**
 * Follows what the visitor does on the page and turns it into frames. `send` may lose a frame when there is no connection:
 * the next hello tells the present state anyway. `moved` is called after each navigation inside the page; `blind` gets what is to
 * be called after each one, where the browser does not tell of them.
 */
export function createPresence(
  send: (frame: ClientFrame) => void,
  moved: () => void,
  blind: (check: () => void) => void,
): Presence {
  let referrer = document.referrer;
  let key = pageKey(location);
  let url = location.href;
  let title = "";
  let titles = 0;
  let active = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function view() {
    title = document.title;
    return { url: cut(location.href), title: title.slice(0, 300), referrer: cut(referrer) };
  }

  function settle(delay: number): void {
    if (title === document.title || titles > titlesPerPage) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (title === document.title) return;
      titles++;
      send({ t: "page", ...view() });
    }, delay);
  }

  function page(): void {
    key = pageKey(location);
    referrer = url;
    url = location.href;
    titles = 0;
    title = "\0";
    settle(titleSettles);
    moved();
  }

  function act(): void {
    const now = Date.now();
    if (now - active < activityEvery) return;
    active = now;
    send({ t: "activity" });
  }

  return {
    view,
    page,
    watch() {
      for (const name of ["pointerdown", "pointermove", "keydown", "scroll"])
        addEventListener(name, act, { passive: true, capture: true });
      document.addEventListener("visibilitychange", () => send({ t: "hidden", hidden: document.hidden }));
      const check = () => {
        if (pageKey(location) !== key) page();
      };
      if (!watchNavigation(window, check)) blind(check);
      guard(() =>
        new MutationObserver(() => settle(1000)).observe(document.head, {
          childList: true,
          subtree: true,
          characterData: true,
        }),
      );
    },
  };
}
