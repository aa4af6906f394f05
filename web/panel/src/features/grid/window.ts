import type { GridFrame, GridHeading, GridRow, VisitState } from "@aceno/contract";

/** One window of the grid as the server last described it. */
export interface GridWindow {
  /** False until the first frame. */
  loaded: boolean;
  offset: number;
  /** Row numbers from `offset` on. */
  order: readonly number[];
  rows: ReadonlyMap<number, GridRow>;
  /** Headings of groups, whose numbers are below 0. */
  groups: ReadonlyMap<number, GridHeading>;
  total: number;
  /** Rows on the scroll bar, headings counted and those of folded groups not. */
  lines: number;
  /** Null while the view is not grouped. */
  groupCount: number | null;
  all: number;
  counts: Readonly<Partial<Record<VisitState, number>>>;
  bots: number;
  idle: number;
  /** Online, but more than the account may have in the table. */
  notShown: number;
}

export const emptyWindow: GridWindow = {
  loaded: false,
  offset: 0,
  order: [],
  rows: new Map(),
  groups: new Map(),
  total: 0,
  lines: 0,
  groupCount: null,
  all: 0,
  counts: {},
  bots: 0,
  idle: 0,
  notShown: 0,
};

/**
 * The window after a frame. Rows that are in neither the new order nor `keep` (what is still on the screen) are let go.
 * A patch for a row that is not held is dropped: the server sends such a row complete.
 */
export function applyFrame(window: GridWindow, frame: GridFrame, keep: readonly number[]): GridWindow {
  const order = frame.order ?? window.order;
  const wanted = new Set([...order, ...keep]);
  const changed = frame.order !== undefined || (frame.rows?.length ?? 0) > 0 || (frame.patch?.length ?? 0) > 0;
  let rows = window.rows;
  if (changed) {
    const next = new Map<number, GridRow>();
    for (const [n, row] of window.rows) if (wanted.has(n)) next.set(n, row);
    for (const row of frame.rows ?? []) next.set(row.n, row);
    for (const patch of frame.patch ?? []) {
      const row = next.get(patch.n);
      if (row) next.set(patch.n, { ...row, ...patch });
    }
    rows = next;
  }
  return {
    loaded: true,
    offset: frame.offset,
    order,
    rows,
    groups: applyGroups(window.groups, frame, wanted),
    total: frame.total,
    lines: frame.lines ?? frame.total,
    groupCount: frame.group_count ?? null,
    all: frame.all,
    counts: frame.counts,
    bots: frame.bots,
    idle: frame.idle,
    notShown: frame.not_shown ?? 0,
  };
}

function applyGroups(groups: GridWindow["groups"], frame: GridFrame, wanted: ReadonlySet<number>) {
  if (!frame.groups && (!frame.order || groups.size === 0)) return groups;
  const next = new Map([...groups].filter(([n]) => wanted.has(n)));
  for (const group of frame.groups ?? []) next.set(group.n, group);
  return next;
}

/** How many rows came, went or moved between two orders of the same stretch. */
export function countChanges(shown: readonly number[], next: readonly number[]): number {
  const before = new Set(shown);
  const after = new Set(next);
  const gone = shown.filter((n) => !after.has(n)).length;
  const came = next.filter((n) => !before.has(n)).length;
  if (gone + came > 0) return Math.max(gone, came);
  return shown.filter((n, index) => next[index] !== n).length;
}

export interface Range {
  offset: number;
  length: number;
}

/** Rows asked for beyond each edge of the screen. */
const overscan = 30;
/** Closer than this to the edge of what is loaded, the window moves. */
const margin = 10;
/** The protocol's largest window. */
const longest = 200;

/**
 * The window to ask for so that rows `first` to `last` (inclusive) are there with some to spare, or `null` when the present
 * one still serves.
 */
export function nextRange(present: Range | null, first: number, last: number, total: number): Range | null {
  if (present) {
    const fromTop = present.offset === 0 || first - present.offset >= margin;
    const end = present.offset + present.length;
    const fromEnd = end - last > margin || end >= total;
    if (fromTop && fromEnd && first >= present.offset && last < end) return null;
  }
  const offset = Math.max(0, first - overscan);
  const length = Math.min(longest, Math.max(50, last - offset + 1 + overscan));
  if (present && present.offset === offset && present.length === length) return null;
  return { offset, length };
}
