import type { GridFrame, GridView } from "@aceno/contract";
import { describe, expect, it } from "vitest";
import { FakeTimers } from "@/app/live/testing.ts";
import { GridModel } from "./grid-model.ts";
import { aRow } from "./testing.ts";
import { applyFrame, countChanges, emptyWindow, nextRange } from "./window.ts";

const view: GridView = {
  sort: [],
  text: "",
  states: [],
  site_ids: [],
  department_ids: [],
  countries: [],
  devices: [],
  agent_ids: [],
  min_seconds_on_site: 0,
};

function frame(change: Partial<GridFrame>): GridFrame {
  return { t: "grid", id: 1, offset: 0, total: 3, all: 9, counts: {}, bots: 0, idle: 0, ...change };
}

describe("applyFrame", () => {
  it("takes rows, then patches, and keeps what did not change", () => {
    const first = applyFrame(emptyWindow, frame({ order: [1, 2], rows: [aRow(1), aRow(2)] }), []);
    const next = applyFrame(first, frame({ patch: [{ n: 2, state: "waiting" }], total: 4 }), []);
    expect(next.order).toBe(first.order);
    expect(next.rows.get(1)).toBe(first.rows.get(1));
    expect(next.rows.get(2)).toMatchObject({ state: "waiting", city: "Curitiba" });
    expect(next.total).toBe(4);
  });

  it("lets go of rows that left, except those still on the screen", () => {
    const first = applyFrame(emptyWindow, frame({ order: [1, 2, 3], rows: [aRow(1), aRow(2), aRow(3)] }), []);
    const next = applyFrame(first, frame({ order: [3] }), [2]);
    expect([...next.rows.keys()]).toEqual([2, 3]);
  });

  it("drops a patch for a row it does not hold", () => {
    expect(applyFrame(emptyWindow, frame({ patch: [{ n: 7, pages: 2 }] }), []).rows.size).toBe(0);
  });
});

it("counts what came, went or moved", () => {
  expect(countChanges([1, 2, 3], [1, 2, 3])).toBe(0);
  expect(countChanges([1, 2, 3], [9, 1, 2, 3])).toBe(1);
  expect(countChanges([1, 2, 3], [2, 3])).toBe(1);
  expect(countChanges([1, 2, 3], [3, 2, 1])).toBe(2);
});

describe("nextRange", () => {
  it("stays while the visible rows are well inside", () => {
    expect(nextRange({ offset: 0, length: 60 }, 5, 30, 1000)).toBeNull();
    expect(nextRange({ offset: 0, length: 60 }, 30, 55, 1000)).toEqual({ offset: 0, length: 86 });
    expect(nextRange({ offset: 0, length: 86 }, 30, 55, 1000)).toBeNull();
  });

  it("moves before the edge is reached, and never asks for more than 200", () => {
    expect(nextRange({ offset: 0, length: 86 }, 60, 85, 1000)).toEqual({ offset: 30, length: 86 });
    expect(nextRange(null, 0, 900, 1000)).toEqual({ offset: 0, length: 200 });
  });

  it("does not chase rows after the last", () => {
    expect(nextRange({ offset: 30, length: 86 }, 90, 115, 116)).toBeNull();
  });
});

function setUp() {
  const timers = new FakeTimers();
  const lines: { wish: unknown; push: (frame: GridFrame) => void; moves: number[][]; closed: boolean }[] = [];
  const model = new GridModel((wish, push) => {
    const line = { wish, push, moves: [] as number[][], closed: false };
    lines.push(line);
    return {
      move: ({ offset, length }) => line.moves.push([offset, length]),
      close: () => {
        line.closed = true;
      },
    };
  }, timers);
  model.setView(view);
  const push = (change: Partial<GridFrame>) => lines.at(-1)?.push(frame(change));
  return { timers, model, lines, push };
}

const three = { order: [1, 2, 3], rows: [aRow(1), aRow(2), aRow(3)] };

describe("GridModel", () => {
  it("holds the order still while frozen, lets cells change, and shows all on release", () => {
    const { model, push } = setUp();
    push(three);
    model.freeze(true);
    push({ order: [4, 1, 3], rows: [aRow(4)], patch: [{ n: 1, pages: 5 }], total: 3 });
    expect(model.get()).toMatchObject({ order: [1, 2, 3], waiting: 1 });
    expect(model.row(1)?.pages).toBe(5);
    expect(model.row(2)).toBeDefined();
    expect([model.isGone(2), model.isGone(1)]).toEqual([true, false]);
    model.release();
    expect(model.get()).toMatchObject({ order: [4, 1, 3], waiting: 0 });
    push({ order: [4, 1], total: 2 });
    expect(model.get()).toMatchObject({ order: [4, 1, 3], waiting: 1 });
    model.freeze(false);
    expect(model.get()).toMatchObject({ order: [4, 1], length: 2, waiting: 0 });
  });

  it("forgets that something waited when it went back to how it was", () => {
    const { model, push } = setUp();
    push(three);
    model.freeze(true);
    push({ order: [2, 1, 3] });
    push({ order: [1, 2, 3] });
    expect(model.get().waiting).toBe(0);
  });

  it("takes the new order when the window moved, frozen or not", () => {
    const { model, push, timers, lines } = setUp();
    push({ ...three, total: 500 });
    model.freeze(true);
    model.setVisible(100, 120);
    model.setVisible(110, 145);
    timers.advance(60);
    expect(lines[0]?.moves).toEqual([[80, 96]]);
    push({ offset: 80, order: [7, 8], rows: [aRow(7), aRow(8)], total: 500 });
    expect(model.get()).toMatchObject({ offset: 80, order: [7, 8] });
    expect(model.numberAt(81)).toBe(8);
    expect(model.numberAt(3)).toBeUndefined();
  });

  it("opens a new line for another view and keeps the old rows, marked, until it answers", () => {
    const { model, push, lines } = setUp();
    push(three);
    model.freeze(true);
    model.setView({ ...view, text: "maria" });
    expect(lines[0]?.closed).toBe(true);
    expect(model.get()).toMatchObject({ order: [1, 2, 3], stale: true });
    lines[0]?.push(frame({ order: [9] }));
    expect(model.get().order).toEqual([1, 2, 3]);
    push({ order: [2], rows: [aRow(2)], total: 1 });
    expect(model.get()).toMatchObject({ order: [2], stale: false, length: 1 });
    model.setView({ ...view, text: "maria" });
    expect(lines).toHaveLength(2);
  });

  it("says why the server refused, until it answers", () => {
    const { model, push, lines } = setUp();
    model.refuse("Sem permissão.");
    expect(model.get().fault).toBe("Sem permissão.");
    model.retry();
    expect([model.get().fault, lines.length]).toEqual([null, 2]);
    push(three);
    model.refuse("Late.");
    expect(model.get()).toMatchObject({ fault: null, loaded: true });
  });
});
