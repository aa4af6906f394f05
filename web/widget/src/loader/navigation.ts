import { guard } from "./safe";

/** What counts as a page: path and query, and the fragment only where it is a route (`#/…`, `#!…`). Anchors are the same page. */
export function pageKey(location: { pathname: string; search: string; hash: string }): string {
  return location.pathname + location.search + (/^#[/!]/.test(location.hash) ? location.hash : "");
}

/**
 * Calls back after navigations inside the page, also when nothing moved. Where the browser has the Navigation API nothing of the host
 * is touched; elsewhere `pushState` and `replaceState` are wrapped: the original runs first with the caller's `this` and arguments,
 * its result and its errors are the caller's, and our part can't throw. Whoever wraps them again, or puts the originals back, may.
 */
export function watchNavigation(win: Window, moved: () => void): void {
  const { history, navigation } = win as Window & { navigation?: EventTarget };
  if (navigation?.addEventListener) {
    navigation.addEventListener("currententrychange", moved);
    return;
  }
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    guard(() => {
      history[name] = function (...args) {
        original.apply(this, args);
        guard(moved);
      };
    });
  }
  win.addEventListener("popstate", moved);
  win.addEventListener("hashchange", moved);
}
