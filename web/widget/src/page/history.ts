import { guard } from "../loader/safe";

/**
 * Calls back after navigations inside the page where the browser has no Navigation API: `pushState` and `replaceState` are wrapped.
 * The original runs first with the caller's `this` and arguments, its result and its errors are the caller's, and our part can't
 * throw. Whoever wraps them again, or puts the originals back, may.
 */
export function watchHistory(win: Window, moved: () => void): void {
  const { history } = win;
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
