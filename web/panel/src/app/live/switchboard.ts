import type { GridFolding, GridFrame, GridView, LiveClientFrame } from "@aceno/contract";

export interface GridWish {
  view: GridView;
  offset: number;
  length: number;
  groups?: GridFolding;
}

interface GridLine extends GridWish {
  tab: string;
  id: number;
  wire: number;
}

interface VisitWish {
  tab: string;
  visit: string;
}

/**
 * Lets the windows and followed visits of all tabs share the leader's socket. Each window gets an identifier of its own on
 * the wire, and a new one after every reconnection, so that its first frame is always complete.
 */
export class Switchboard {
  private readonly lines = new Map<string, GridLine>();
  private readonly byWire = new Map<number, GridLine>();
  private nextWire = 1;
  /** The server follows one visit a connection: the last wish is served, and `turn` lets the others have theirs. */
  private visits: VisitWish[] = [];
  private following: string | null = null;

  constructor(
    private readonly send: (frame: LiveClientFrame) => boolean,
    private readonly deliver: (tab: string, id: number, frame: GridFrame) => void,
  ) {}

  /** Opens the window or moves it. */
  grid(tab: string, id: number, wish: GridWish): void {
    const key = lineKey(tab, id);
    const known = this.lines.get(key);
    const line: GridLine = { ...wish, tab, id, wire: known?.wire ?? this.nextWire++ };
    this.lines.set(key, line);
    this.byWire.set(line.wire, line);
    this.ask(line);
  }

  closeGrid(tab: string, id: number): void {
    const key = lineKey(tab, id);
    const line = this.lines.get(key);
    if (!line) return;
    this.lines.delete(key);
    this.byWire.delete(line.wire);
    this.send({ t: "grid_close", id: line.wire });
  }

  follow(tab: string, visit: string): void {
    this.visits = [...this.visits.filter((wish) => wish.tab !== tab || wish.visit !== visit), { tab, visit }];
    this.askVisit();
  }

  unfollow(tab: string, visit: string): void {
    this.visits = this.visits.filter((wish) => wish.tab !== tab || wish.visit !== visit);
    this.askVisit();
  }

  /** Serves the next of several followed visits. */
  turn(): void {
    const [first, ...rest] = this.visits;
    if (!first || rest.length === 0) return;
    this.visits = [...rest, first];
    this.askVisit();
  }

  /** A tab was closed. */
  forget(tab: string): void {
    for (const line of [...this.lines.values()]) if (line.tab === tab) this.closeGrid(tab, line.id);
    this.visits = this.visits.filter((wish) => wish.tab !== tab);
    this.askVisit();
  }

  /** A frame from the socket; one for a window closed meanwhile is dropped. */
  receive(frame: GridFrame): void {
    const line = this.byWire.get(frame.id);
    if (line) this.deliver(line.tab, line.id, frame);
  }

  /** The socket is new: asks again for everything. */
  reopen(): void {
    this.byWire.clear();
    for (const line of this.lines.values()) {
      line.wire = this.nextWire++;
      this.byWire.set(line.wire, line);
      this.ask(line);
    }
    this.following = null;
    this.askVisit();
  }

  private ask(line: GridLine): void {
    const { wire, view, offset, length, groups } = line;
    this.send({ t: "grid", id: wire, view, offset, length, ...(groups && { groups }) });
  }

  private askVisit(): void {
    const wanted = this.visits.at(-1)?.visit ?? null;
    if (wanted === this.following) return;
    if (this.send({ t: "visit", id: wanted })) this.following = wanted;
  }
}

function lineKey(tab: string, id: number): string {
  return `${tab}:${id}`;
}
