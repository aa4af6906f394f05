import { afterEach, describe, expect, it, vi } from "vitest";
import { pageKey, watchNavigation } from "./navigation";

/** A window with a history that can be looked into, without the Navigation API. */
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

describe("pageKey", () => {
  const at = (pathname: string, search = "", hash = "") => pageKey({ pathname, search, hash });

  it("takes path and query, not anchors", () => {
    expect(at("/a", "?b=1", "#c")).toBe("/a?b=1");
  });

  it("takes fragments that are routes", () => {
    expect(at("/", "", "#/cart")).toBe("/#/cart");
    expect(at("/", "", "#!cart")).toBe("/#!cart");
  });
});

describe("watchNavigation", () => {
  it("calls the original with its own this and arguments, then us", () => {
    const { win, history, calls } = fakeWindow();
    const moved = vi.fn();
    watchNavigation(win, moved);
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
    watchNavigation(win, moved);
    expect(() => history.pushState({}, "", "throw")).toThrow("no");
    expect(moved).not.toHaveBeenCalled();
    history.pushState({}, "", "/x");
    expect(calls).toHaveLength(1);
  });

  it("keeps working under a later wrapper, and harmlessly when somebody puts the original back", () => {
    const { win, history } = fakeWindow();
    const original = history.pushState;
    const moved = vi.fn();
    watchNavigation(win, moved);
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
    expect(() => watchNavigation(win, vi.fn())).not.toThrow();
  });

  it("touches nothing where the browser has the Navigation API", () => {
    const { win, history } = fakeWindow();
    const navigation = new EventTarget();
    Object.assign(win, { navigation });
    const original = history.pushState;
    const moved = vi.fn();
    watchNavigation(win, moved);
    expect(history.pushState).toBe(original);
    navigation.dispatchEvent(new Event("currententrychange"));
    expect(moved).toHaveBeenCalledTimes(1);
  });
});
