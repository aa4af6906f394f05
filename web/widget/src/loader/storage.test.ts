// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import { openStore } from "./storage";

afterEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
});

/** A store that may write. */
function keeping(key: string) {
  const store = openStore("localStorage", key);
  store.keep(true);
  return store;
}

describe("openStore", () => {
  it("leaves nothing on the device until that is allowed, and then what it had in memory", () => {
    const store = openStore("localStorage", "k1");
    store.set("token", "T");
    store.set("draft", null);
    expect(localStorage).toHaveLength(0);
    expect(store.get("token")).toBe("T");
    store.keep(true);
    expect({ ...localStorage }).toEqual({ "aceno.k1.token": "T" });
    expect(openStore("localStorage", "k1").get("token")).toBe("T");
  });

  it("takes away what stood there when it is not allowed any more", () => {
    localStorage.setItem("aceno.k1.look", "old");
    const store = openStore("localStorage", "k1");
    store.set("look", "new");
    expect(localStorage).toHaveLength(0);
    expect(store.get("look")).toBe("new");
  });

  it("writes at once where a token of ours stands already", () => {
    localStorage.setItem("aceno.k1.token", "T");
    openStore("localStorage", "k1").set("draft", "x");
    expect(localStorage.getItem("aceno.k1.draft")).toBe("x");
  });

  it("keeps values by site", () => {
    keeping("k1").set("token", "T");
    expect(localStorage.getItem("aceno.k1.token")).toBe("T");
    expect(openStore("localStorage", "k1").get("token")).toBe("T");
    expect(openStore("localStorage", "k2").get("token")).toBeNull();
    keeping("k1").set("token", null);
    expect(localStorage).toHaveLength(0);
  });

  it("lives in memory where the browser refuses to hand the storage out", () => {
    vi.spyOn(window, "localStorage", "get").mockImplementation(() => {
      throw new DOMException("denied", "SecurityError");
    });
    const store = openStore("localStorage", "k1");
    expect(store.get("token")).toBeNull();
    store.set("token", "T");
    expect(store.get("token")).toBe("T");
    store.set("token", null);
    expect(store.get("token")).toBeNull();
  });

  it("prefers what could not be written over what stands there", () => {
    const store = keeping("k1");
    store.set("draft", "old");
    const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    store.set("draft", "new");
    expect(store.get("draft")).toBe("new");
    full.mockRestore();
    store.set("draft", "newest");
    expect(localStorage.getItem("aceno.k1.draft")).toBe("newest");
    expect(store.get("draft")).toBe("newest");
  });
});
