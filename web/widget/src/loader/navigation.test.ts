import { describe, expect, it, vi } from "vitest";
import { pageKey, watchNavigation } from "./navigation";

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
  it("listens to the Navigation API, and says so where there is none", () => {
    const navigation = new EventTarget();
    const moved = vi.fn();
    expect(watchNavigation({ navigation } as unknown as Window, moved)).toBe(true);
    navigation.dispatchEvent(new Event("currententrychange"));
    expect(moved).toHaveBeenCalledTimes(1);
    expect(watchNavigation({} as Window, moved)).toBe(false);
  });
});
