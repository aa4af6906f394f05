import { afterEach, describe, expect, it, vi } from "vitest";
import { watchHistory } from "./history";

/** A window with a history that can be looked into. */
function fakeWindow() {
  const calls: unknown[][] = [];
  const target = new EventTarget();
  const history = {
    pushState(this: unknown, ...args: unknown[]) {
      if (args[2] === "throw") throw new DOMException("no", "SecurityError");
      calls.push([this === history, ...args]);
    },
    replaceState(...args: unknown[]) {
      calls.push(args);
    },
  };
  const win = Object.assign(target, { history }) as unknown as Window;
  return { win, history, calls };
}

afterEach(() => vi.restoreAllMocks());

describe("watchHistory", () => {
  it("calls the original with its own this and arguments, then us", () => {
    const { win, history, calls } = fakeWindow();
    const moved = vi.fn();
    watchHistory(win, moved);
    history.pushState({ a: 1 }, "", "/x");
    expect(calls).toEqual([[true, { a: 1 }, "", "/x"]]);
    expect(moved).toHaveBeenCalledTimes(1);
    history.replaceState(null, "", "/y");
    expect(moved).toHaveBeenCalledTimes(2);
  });

  it("lets the original's errors through and swallows ours", () => {
    const { win, history, calls } = fakeWindow();
    const moved = vi.fn(() => {
      throw new Error("ours");
    });
    watchHistory(win, moved);
    expect(() => history.pushState({}, "", "throw")).toThrow("no");
    expect(moved).not.toHaveBeenCalled();
    history.pushState({}, "", "/x");
    expect(calls).toHaveLength(1);
  });

  it("keeps working under a later wrapper, and harmlessly when somebody puts the original back", () => {
    const { win, history } = fakeWindow();
    const original = history.pushState;
    const moved = vi.fn();
    watchHistory(win, moved);
    const ours = history.pushState;
    history.pushState = function (...args) {
      return ours.apply(this, args);
    };
    history.pushState({}, "", "/x");
    expect(moved).toHaveBeenCalledTimes(1);
    history.pushState = original;
    history.pushState({}, "", "/y");
    win.dispatchEvent(new Event("popstate"));
    expect(moved).toHaveBeenCalledTimes(2);
  });

  it("survives a frozen history", () => {
    const { win, history } = fakeWindow();
    Object.freeze(history);
    expect(() => watchHistory(win, vi.fn())).not.toThrow();
  });
});
