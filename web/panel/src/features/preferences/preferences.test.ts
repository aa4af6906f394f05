import { describe, expect, it, vi } from "vitest";
import { FakeTimers, settle } from "@/app/live/testing.ts";
import { defaults, PreferencesStore, readPreferences } from "./preferences.ts";

describe("readPreferences", () => {
  it("is the default for an empty object", () => {
    expect(readPreferences({})).toEqual(defaults);
  });

  it("keeps what is right and drops what is not", () => {
    const read = readPreferences({
      theme: "dark",
      density: "huge",
      idle_minutes: -3,
      grid_widths: { name: 200, page: "wide", ip: 4 },
      grid_columns: ["name", 3],
      grid_sort: [{ column: "name", dir: "asc" }, { column: "x", dir: "up" }, null],
    });
    expect(read).toEqual({
      ...defaults,
      theme: "dark",
      grid_widths: { name: 200 },
      grid_columns: ["name"],
      grid_sort: [{ column: "name", dir: "asc" }],
    });
  });
});

describe("PreferencesStore", () => {
  function setUp(save = vi.fn(async () => {})) {
    const timers = new FakeTimers();
    const onSaveFailed = vi.fn();
    const store = new PreferencesStore({ raw: { from_elsewhere: 1 }, save, onSaveFailed, timers });
    return { timers, store, save, onSaveFailed };
  }

  it("saves many changes once and keeps keys it does not know", async () => {
    const { store, timers, save } = setUp();
    store.update({ theme: "dark" });
    timers.advance(500);
    store.update({ density: "comfortable" });
    timers.advance(799);
    expect(save).not.toHaveBeenCalled();
    timers.advance(1);
    expect(save).toHaveBeenCalledExactlyOnceWith({ from_elsewhere: 1, theme: "dark", density: "comfortable" });
  });

  it("takes changes from elsewhere, but not over its own unsaved ones", async () => {
    const { store, timers } = setUp();
    store.adopt({ theme: "light" });
    expect(store.get().theme).toBe("light");
    store.update({ theme: "dark" });
    store.adopt({ theme: "auto" });
    expect(store.get().theme).toBe("dark");
    timers.advance(800);
    await settle();
    store.adopt({ theme: "auto" });
    expect(store.get().theme).toBe("auto");
  });

  it("tells when saving failed", async () => {
    const { store, timers, onSaveFailed } = setUp(vi.fn(async () => Promise.reject(new Error("down"))));
    store.update({ sound: false });
    timers.advance(800);
    await settle();
    expect(onSaveFailed).toHaveBeenCalledOnce();
  });
});
