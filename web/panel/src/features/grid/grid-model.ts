import type { GridFolding, GridFrame, GridHeading, GridRow, GridView } from "@aceno/contract";
import { applyFrame, countChanges, emptyWindow, type GridWindow, nextRange, type Range } from "./window.ts";

export type OpenGrid = (
  wish: Range & { view: GridView; groups?: GridFolding },
  onFrame: (frame: GridFrame) => void,
) => { move(to: Range & { groups?: GridFolding }): void; close(): void };

/** What is on the screen. While frozen, order and length stand still; the cells go on changing. */
export interface GridShown {
  loaded: boolean;
  /** Why the rows cannot be had, in the agent's language. */
  fault: string | null;
  /** The rows belong to a view that is being replaced. */
  stale: boolean;
  offset: number;
  order: readonly number[];
  /** Rows of the whole view, as far as shown. */
  length: number;
  /** The newest figures, frozen or not. */
  window: GridWindow;
  /** Rows that came, went or moved while frozen. */
  waiting: number;
}

const folded: GridFolding = { open: false, except: [] };
/** The protocol's bound on groups that are not like the others. */
const mostExceptions = 300;

/** Moving the window waits this long for the scrolling to rest. */
const moveAfter = 60;

/**
 * One grid of one tab: asks for the rows around what is visible, and holds the order still while the agent works in it
 * ("rows do not jump under the pointer or the keyboard focus").
 */
export class GridModel {
  private window: GridWindow = emptyWindow;
  private shown: GridShown = {
    loaded: false,
    fault: null,
    stale: false,
    offset: 0,
    order: [],
    length: 0,
    window: emptyWindow,
    waiting: 0,
  };
  private frozen = false;
  private view: GridView | null = null;
  private range: Range = { offset: 0, length: 60 };
  private folding: GridFolding = folded;
  private line: ReturnType<OpenGrid> | null = null;
  private timer: number | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly open: OpenGrid,
    private readonly timers: { set(run: () => void, ms: number): number; clear(id: number): void },
  ) {}

  get = (): GridShown => this.shown;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Shows another view, from its first row. The old rows stay, marked stale, until the new ones arrive. */
  setView(view: GridView): void {
    if (this.view && JSON.stringify(this.view) === JSON.stringify(view)) return;
    if (this.view?.group !== view.group) this.folding = folded;
    this.view = view;
    this.close();
    this.range = { offset: 0, length: Math.max(60, this.range.length) };
    this.window = { ...emptyWindow, all: this.window.all, counts: this.window.counts };
    this.set({ stale: this.shown.loaded });
    const line = this.open({ ...this.range, ...this.groupsOf(view), view }, (frame) => {
      if (this.line === null || this.line === line) this.take(frame);
    });
    this.line = line;
  }

  /** Rows `first` to `last` are visible. */
  setVisible(first: number, last: number): void {
    const next = nextRange(this.range, first, last, this.window.lines);
    if (!next) return;
    this.range = next;
    if (this.timer !== null) return;
    this.timer = this.timers.set(() => {
      this.timer = null;
      this.move();
    }, moveAfter);
  }

  /** Opens or folds one group. */
  toggleGroup(n: number): void {
    const { open, except } = this.folding;
    const others = except.filter((each) => each !== n);
    if (others.length === except.length) others.push(n);
    this.folding = { open, except: others.slice(-mostExceptions) };
    this.move();
  }

  /** Opens or folds all groups. */
  foldAll(open: boolean): void {
    this.folding = { open, except: [] };
    this.move();
  }

  freeze(frozen: boolean): void {
    if (this.frozen === frozen) return;
    this.frozen = frozen;
    if (!frozen) this.release();
  }

  /** Shows the newest order now. */
  release(): void {
    if (this.shown.waiting > 0 || this.shown.order !== this.window.order) this.show();
  }

  row(n: number): GridRow | undefined {
    return this.window.rows.get(n);
  }

  /** The group whose heading has this number. */
  group(n: number): GridHeading | undefined {
    return this.window.groups.get(n);
  }

  /** Row number at an index of the view; undefined where nothing is loaded. */
  numberAt(index: number): number | undefined {
    return this.shown.order[index - this.shown.offset];
  }

  /** The row left the view while it was held on the screen. */
  isGone(n: number): boolean {
    const whole = this.window.order.length === this.window.lines;
    return this.shown.waiting > 0 && whole && !this.window.order.includes(n);
  }

  /** The server refused what was asked for. */
  refuse(detail: string): void {
    if (!this.window.loaded) this.set({ fault: detail });
  }

  /** Asks once more after a refusal. */
  retry(): void {
    const view = this.view;
    if (!view) return;
    this.view = null;
    this.set({ fault: null });
    this.setView(view);
  }

  /** The grid left the screen. Another `setView` brings it back. */
  dispose(): void {
    this.view = null;
    this.close();
  }

  private move(): void {
    if (this.view) this.line?.move({ ...this.range, ...this.groupsOf(this.view) });
  }

  private groupsOf(view: GridView): { groups?: GridFolding } {
    return view.group ? { groups: this.folding } : {};
  }

  private close(): void {
    if (this.timer !== null) this.timers.clear(this.timer);
    this.timer = null;
    const line = this.line;
    this.line = null;
    line?.close();
  }

  private take(frame: GridFrame): void {
    if (!this.view) return;
    const held = this.shown.stale ? [] : this.shown.order;
    // Groups open and fold by the agent's own hand only: nothing to hold still then.
    const before = this.window.groups;
    const unfolded = frame.groups?.some(({ n, open }) => before.has(n) && before.get(n)?.open !== open) ?? false;
    this.window = applyFrame(this.window, frame, this.frozen ? held : []);
    const hold =
      this.frozen && !unfolded && this.shown.loaded && !this.shown.stale && frame.offset === this.shown.offset;
    if (!hold) {
      this.show();
      return;
    }
    const waiting = countChanges(this.shown.order, this.window.order);
    if (waiting === 0) this.show();
    else this.set({ waiting, window: this.window });
  }

  private show(): void {
    const { offset, order, lines } = this.window;
    this.set({
      loaded: this.window.loaded,
      fault: null,
      stale: false,
      offset,
      order,
      length: lines,
      window: this.window,
      waiting: 0,
    });
  }

  private set(change: Partial<GridShown>): void {
    this.shown = { ...this.shown, ...change };
    for (const listener of this.listeners) listener();
  }
}
