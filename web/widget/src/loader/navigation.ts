/** What counts as a page: path and query, and the fragment only where it is a route (`#/…`, `#!…`). Anchors are the same page. */
export function pageKey(location: { pathname: string; search: string; hash: string }): string {
  return location.pathname + location.search + (/^#[/!]/.test(location.hash) ? location.hash : "");
}

/** Calls back after navigations inside the page, also when nothing moved; false where the browser has no Navigation API. */
export function watchNavigation(win: Window, moved: () => void): boolean {
  const { navigation } = win as Window & { navigation?: EventTarget };
  navigation?.addEventListener("currententrychange", moved);
  return !!navigation;
}
