import { guard } from "../loader/safe";
import { readAddress } from "./address";

type Command = ((...args: unknown[]) => void) & { q?: unknown[][] };

/**
 * Prepares the chat's own page: turns what its address says into commands, before the loader comes. What is about the visitor is taken
 * out of the address, so that it is in no history and no page view.
 */
guard(() => {
  const key = decodeURIComponent(/\/chat\/([^/]+)/.exec(location.pathname)?.[1] ?? "");
  const { commands, token, kept, clean } = readAddress(
    location.href,
    window.parent !== window || Boolean(window.opener),
  );
  if (token) guard(() => localStorage.setItem(`aceno.${key}.token`, token));
  guard(() => {
    for (const [name, value] of kept) sessionStorage.setItem(`aceno.${key}.${name}`, value);
  });
  guard(() => history.replaceState(null, "", clean));
  const queue: Command = (...args) => {
    queue.q = [...(queue.q ?? []), args];
  };
  Object.assign(window, { aceno: queue });
  for (const command of [["chatmode", "page"], ["hide"], ...commands, ["open"]]) queue(...command);
});
