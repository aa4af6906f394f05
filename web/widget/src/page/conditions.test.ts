// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Bridge, Signal } from "../bridge";
import type { ClientFrame, PageCondition, Watches } from "../protocol";
import { conditions } from "./conditions";

let now = 0;
let connected = true;
let sent: ClientFrame[] = [];
/** Listeners of the tests before stay on the window: only the newest is heard. */
let newest = 0;
let tell: (signal: Signal) => void = () => {};
let receive: (frame: Watches) => void = () => {};
const context = { department: "" };

function scrollTo(percent: number): void {
  const root = document.documentElement;
  Object.defineProperty(root, "scrollHeight", { configurable: true, value: innerHeight + 1000 });
  Object.defineProperty(document, "scrollingElement", { configurable: true, value: root });
  root.scrollTop = percent * 10;
  dispatchEvent(new Event("scroll"));
}

function leave(): void {
  document.dispatchEvent(new MouseEvent("mouseout", { clientY: -3, relatedTarget: null }));
}

function watch(page: number, ...rules: [string, "all" | "any", ...PageCondition[]][]): void {
  const watches = rules.map(([id, match, ...list]) => ({ id, match, conditions: list }));
  receive({ t: "watch", id: page, elapsed: 0, watches });
}

/** What was said since the last call, as `rule@page`. */
function said(): string[] {
  const words = sent.map((frame) => (frame.t === "met" ? `${frame.id}@${frame.page}` : frame.t));
  sent = [];
  return words;
}

beforeEach(() => {
  vi.useFakeTimers();
  now = 0;
  connected = true;
  sent = [];
  vi.spyOn(performance, "now").mockImplementation(() => now);
  scrollTo(0);
  const mine = ++newest;
  const bridge = {
    context,
    render: () => {},
    listen(listener: (signal: Signal) => void) {
      tell = listener;
      return () => {};
    },
    send(frame: ClientFrame) {
      const heard = connected && mine === newest;
      if (heard) sent.push(frame);
      return heard;
    },
  } as unknown as Bridge;
  const { frames } = conditions(bridge);
  receive = (frame) => frames?.watch?.(frame);
  frames?.department?.({ t: "department", id: "sales" });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function pass(seconds: number): void {
  now += seconds * 1000;
  vi.advanceTimersByTime(seconds * 1000 + 20);
}

describe("conditions", () => {
  it("says once how far the visitor has scrolled, and anew on the next page", () => {
    watch(1, ["a", "all", { scroll: 50 }]);
    scrollTo(49);
    expect(said()).toEqual([]);
    scrollTo(50);
    scrollTo(80);
    expect(said()).toEqual(["a@1"]);
    scrollTo(0);
    watch(2, ["a", "all", { scroll: 50 }]);
    expect(said()).toEqual([]);
    scrollTo(60);
    expect(said()).toEqual(["a@2"]);
  });

  it("keeps what it has seen when more is asked of the same page", () => {
    watch(1, ["a", "all", { scroll: 30 }]);
    scrollTo(70);
    watch(1, ["a", "all", { scroll: 30 }], ["b", "all", { scroll: 60 }]);
    expect(said()).toEqual(["a@1", "b@1"]);
  });

  it("counts the seconds on the page", () => {
    watch(1, ["a", "all", { seconds: 20 }]);
    pass(19);
    expect(said()).toEqual([]);
    pass(1);
    expect(said()).toEqual(["a@1"]);
  });

  it("joins conditions as the rule wants", () => {
    watch(1, ["all", "all", { seconds: 5 }, { leaving: true }], ["any", "any", { seconds: 5 }, { leaving: true }]);
    leave();
    expect(said()).toEqual(["any@1"]);
    pass(5);
    expect(said()).toEqual(["all@1"]);
  });

  it("tells every click on the call, and clicks only", () => {
    watch(1, ["a", "all", { click: true }], ["b", "all", { leaving: true }]);
    tell({ t: "show", open: true });
    tell({ t: "show", open: false });
    tell({ t: "show", open: true });
    expect(said()).toEqual(["a@1", "a@1"]);
  });

  it("keeps its word until there is a connection", () => {
    watch(1, ["a", "all", { leaving: true }]);
    connected = false;
    leave();
    connected = true;
    tell({ t: "link", link: "open" });
    expect(said()).toEqual(["a@1"]);
  });

  it("watches for nothing more when it is told so", () => {
    watch(1, ["a", "all", { seconds: 5 }]);
    watch(1);
    pass(10);
    leave();
    expect(said()).toEqual([]);
  });

  it("hands the department to the chat", () => {
    expect(context.department).toBe("sales");
  });
});
