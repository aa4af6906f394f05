import { afterEach, describe, expect, it, vi } from "vitest";
import { fakeBridge } from "../../test/fakes";
import type { Bridge } from "../bridge";
import { Sound } from "./sound";

let played = 0;

class FakeAudio {
  currentTime = 0;
  destination = {};
  resume() {
    return Promise.resolve();
  }
  createGain() {
    const node = {
      gain: { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} },
      connect: (next: unknown) => next,
    };
    return node;
  }
  createOscillator() {
    return { frequency: { value: 0 }, connect: (next: unknown) => next, start: () => played++, stop() {} };
  }
}

/** A tab: a window of its own; tabs of one browser share the locks. */
function tab(bridge: Bridge, locks: unknown) {
  const win = Object.assign(new EventTarget(), { AudioContext: FakeAudio, navigator: { locks } });
  const sound = new Sound(bridge, win as unknown as Window & typeof globalThis);
  return {
    sound,
    touch: () => win.dispatchEvent(new Event("pointerdown")),
    leave: () => win.dispatchEvent(new Event("pagehide")),
  };
}

/** Locks as browsers have them: the next in line gets the lock when the holder's promise settles. */
function fakeLocks() {
  const line: (() => Promise<void>)[] = [];
  let held = false;
  function next() {
    const callback = held ? undefined : line.shift();
    if (!callback) return;
    held = true;
    void callback().then(() => {
      held = false;
      next();
    });
  }
  return {
    request(_: string, callback: () => Promise<void>) {
      line.push(callback);
      next();
      return Promise.resolve();
    },
  };
}

afterEach(() => {
  played = 0;
  vi.restoreAllMocks();
});

describe("Sound", () => {
  it("is silent before a gesture", () => {
    const { sound, touch } = tab(fakeBridge(), fakeLocks());
    sound.ring("c1", 1);
    expect(played).toBe(0);
    touch();
    sound.ring("c1", 2);
    expect(played).toBe(2);
  });

  it.each([
    ["with locks", fakeLocks],
    ["without locks", () => undefined],
  ])("rings in one tab only, %s", (_, makeLocks) => {
    const bridge = fakeBridge();
    const locks = makeLocks();
    const tabs = [tab(bridge, locks), tab(bridge, locks), tab(bridge, locks)];
    // The first tab was never touched, so it can't sound and must not lead.
    tabs[1]?.touch();
    tabs[2]?.touch();
    for (const { sound } of tabs) sound.ring("c1", 1);
    expect(played).toBe(2);
    for (const { sound } of tabs) sound.ring("c1", 2);
    expect(played).toBe(4);
  });

  it("hands over when the page that rang is left", async () => {
    const bridge = fakeBridge();
    const locks = fakeLocks();
    const [first, second] = [tab(bridge, locks), tab(bridge, locks)];
    first.touch();
    second.touch();
    first.leave();
    await Promise.resolve();
    await Promise.resolve();
    first.sound.ring("c1", 1);
    expect(played).toBe(0);
    second.sound.ring("c1", 1);
    expect(played).toBe(2);
  });

  it("can be turned off for all tabs", () => {
    const bridge = fakeBridge();
    const { sound, touch } = tab(bridge, undefined);
    touch();
    tab(bridge, undefined).sound.on = false;
    expect(sound.on).toBe(false);
    sound.ring("c1", 1);
    expect(played).toBe(0);
  });

  it("does without audio", () => {
    const win = Object.assign(new EventTarget(), { navigator: {} });
    const sound = new Sound(fakeBridge(), win as unknown as Window & typeof globalThis);
    win.dispatchEvent(new Event("keydown"));
    expect(() => sound.ring("c1", 1)).not.toThrow();
  });
});
