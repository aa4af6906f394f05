import type {
  Conversation,
  GridFrame,
  LiveClientFrame,
  LiveEvent,
  LiveServerFrame,
  Me,
  Snapshot,
  VisitDetail,
} from "@aceno/contract";
import { reduce, upsertConversation } from "./reduce.ts";
import { Connection, type Socket, type Timers } from "./socket.ts";
import { fromSnapshot, type Link, type LiveState } from "./state.ts";
import { type GridWish, Switchboard } from "./switchboard.ts";
import { type Channel, Leadership, type Locks, type TabMessage, type TabReport } from "./tabs.ts";

export interface LiveDeps {
  /** This tab's identifier. */
  tab: string;
  agentId: string;
  openSocket: () => Socket;
  loadSnapshot: () => Promise<Snapshot>;
  sessionStands: () => Promise<boolean>;
  timers: Timers;
  channel: Channel | null;
  locks: Locks | null;
}

/** What the panel shows of the connection and the account. */
export interface LiveView {
  /** `null` until the first snapshot arrived. */
  state: LiveState | null;
  link: Link;
  /** This tab holds the browser's connection. */
  leading: boolean;
  /** The last snapshot could not be loaded; it is tried again. */
  failing: boolean;
  /** Server time minus this machine's, in milliseconds. */
  clockOffset: number;
}

export interface VisitUpdate {
  visit: VisitDetail | null;
  gone: boolean;
}

/** The server refused a frame: `ref` is the frame's kind. */
export type LiveFault = Extract<LiveServerFrame, { t: "error" }>;

type Listener = () => void;
type GridHandler = (frame: GridFrame) => void;

const retrySnapshotAfter = 3_000;
/** A tab that has not reported for this long is asleep or gone. */
const reportStaleAfter = 15_000;
/** A leader says something at least every 15 s; one that is silent for this long sleeps. */
const leaderSilentAfter = 40_000;

/**
 * The panel's live connection: one socket for all tabs of the browser, one state that every tab keeps by applying the same
 * events once each by position. The leader holds the socket and repeats what it hears; a follower that takes over goes on
 * from its own position, and a tab that finds a gap loads the snapshot again (B01, B16).
 */
export class Live {
  private view: LiveView = {
    state: null,
    link: { status: "connecting", retryAt: null, endReason: null },
    leading: false,
    failing: false,
    clockOffset: 0,
  };
  private readonly listeners = new Set<Listener>();
  private readonly eventListeners = new Set<(event: LiveEvent) => void>();
  private readonly resyncListeners = new Set<Listener>();
  private readonly faultListeners = new Set<(fault: LiveFault) => void>();
  private readonly ringListeners = new Set<(sound: string) => void>();
  private readonly grids = new Map<number, { wish: GridWish; handler: GridHandler }>();
  private readonly visits = new Map<string, Set<(update: VisitUpdate) => void>>();
  private readonly visitCache = new Map<string, VisitUpdate>();
  private readonly reports = new Map<string, TabReport & { at: number }>();
  private ownReport: TabReport = { visible: true, awake: true, sound: false, quiet: false, viewing: null };
  private nextGrid = 1;
  /** Frames heard while a snapshot is on its way. */
  private held: { frame: LiveServerFrame; from: number }[] | null = null;
  private loading: Promise<void> | null = null;
  /** When the leader was last heard. */
  private leaderAt = 0;
  private readonly leadership: Leadership;
  private readonly connection: Connection;
  private readonly switchboard: Switchboard;
  private over = false;

  constructor(private readonly deps: LiveDeps) {
    this.leadership = new Leadership(`aceno.live.${deps.agentId}`, deps.tab, deps.locks, {
      onLead: () => this.lead(),
      onLose: () => this.lose(),
    });
    this.connection = new Connection(deps.openSocket, deps.timers, {
      position: () => this.view.state?.position ?? 0,
      onReady: (now) => this.ready(now),
      onFrame: (frame) => this.fromSocket(frame),
      onReload: () => {
        this.post({ type: "reload", tab: deps.tab });
        return this.resync();
      },
      onDown: (retryAt) => this.setLink({ status: "reconnecting", retryAt, endReason: null }),
      onEnd: (reason) => this.setLink({ status: "ended", retryAt: null, endReason: reason }),
      sessionStands: deps.sessionStands,
    });
    this.switchboard = new Switchboard(
      (frame) => this.connection.send(frame),
      (tab, id, frame) => {
        if (tab === deps.tab) this.grids.get(id)?.handler(frame);
        else this.post({ type: "grid", tab: deps.tab, to: tab, id, frame });
      },
    );
  }

  getView = (): LiveView => this.view;

  subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Joins the other tabs, loads the snapshot, then connects or follows. */
  start(): void {
    this.leaderAt = this.deps.timers.now();
    this.deps.channel?.listen((message) => this.fromTab(message));
    this.post({ type: "hello", tab: this.deps.tab });
    this.resync().then(
      () => {
        if (!this.over) this.leadership.join();
      },
      () => {},
    );
  }

  stop(): void {
    this.post({ type: "bye", tab: this.deps.tab });
    this.over = true;
    this.connection.stop();
    this.leadership.leave();
    this.deps.channel?.close();
  }

  /** Hears every durable event once, in order, after the state has it. Not called for what a snapshot covers. */
  onEvent(listener: (event: LiveEvent) => void): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }

  /** The state was replaced by a snapshot: events may have been skipped, ask again for what is kept beside it. */
  onResync(listener: Listener): () => void {
    this.resyncListeners.add(listener);
    return () => this.resyncListeners.delete(listener);
  }

  /** Hears which frames were refused. */
  onFault(listener: (fault: LiveFault) => void): () => void {
    this.faultListeners.add(listener);
    return () => this.faultListeners.delete(listener);
  }

  /** This tab was chosen to sound an alert. */
  onRing(listener: (sound: string) => void): () => void {
    this.ringListeners.add(listener);
    return () => this.ringListeners.delete(listener);
  }

  /** Opens a grid window; frames arrive until it is closed. */
  openGrid(wish: GridWish, handler: GridHandler): { move(to: Omit<GridWish, "view">): void; close(): void } {
    const id = this.nextGrid++;
    this.grids.set(id, { wish, handler });
    this.wishGrid(id, wish);
    return {
      move: (to) => {
        const moved = { view: wish.view, ...to };
        this.grids.set(id, { wish: moved, handler });
        this.wishGrid(id, moved);
      },
      close: () => {
        this.grids.delete(id);
        if (this.leadership.leading) this.switchboard.closeGrid(this.deps.tab, id);
        else this.post({ type: "grid_close", tab: this.deps.tab, id });
      },
    };
  }

  /** Follows one visit; what is known of it already is told at once. */
  followVisit(visit: string, handler: (update: VisitUpdate) => void): () => void {
    const handlers = this.visits.get(visit) ?? new Set();
    this.visits.set(visit, handlers.add(handler));
    const known = this.visitCache.get(visit);
    if (known) handler(known);
    this.wishVisit(visit, true);
    return () => {
      handlers.delete(handler);
      if (handlers.size > 0) return;
      this.visits.delete(visit);
      this.wishVisit(visit, false);
    };
  }

  typing(conversation: string, on: boolean): void {
    this.send({ t: "typing", conversation, on });
  }

  seen(conversation: string, sequence: number): void {
    this.send({ t: "seen", conversation, sequence });
  }

  /** Takes in a conversation answered over HTTP, unless a newer copy is known. */
  adopt(conversation: Conversation): void {
    if (this.view.state) this.set({ state: upsertConversation(this.view.state, conversation) });
  }

  /** Takes in the agent's own data answered over HTTP. */
  adoptMe(me: Me): void {
    const { state } = this.view;
    if (state) this.set({ state: { ...state, me, agents: { ...state.agents, [me.agent.id]: me.agent } } });
  }

  /** What this tab tells of itself; called on every change. */
  reportSelf(change: Partial<TabReport>): void {
    this.ownReport = { ...this.ownReport, ...change };
    if (this.leadership.leading) this.sendPresence();
    else this.post({ type: "report", tab: this.deps.tab, report: this.ownReport });
  }

  /** The heartbeat, from a worker's timer that background tabs do not slow down. Visits that share the one place the server has for following get their turn, too. */
  beat(): void {
    this.reportSelf({});
    if (this.leadership.leading) {
      this.switchboard.turn();
      this.connection.checkSilence();
      return;
    }
    const silent = this.deps.timers.now() - this.leaderAt;
    if (this.ownReport.visible && this.view.state && silent >= leaderSilentAfter) this.leadership.takeOver();
  }

  /** Connects at once instead of waiting for the next attempt. */
  wake(): void {
    if (this.leadership.leading) this.connection.wake();
  }

  /** All living tabs of the browser, this one first. */
  tabs(): (TabReport & { tab: string })[] {
    const since = this.deps.timers.now() - reportStaleAfter;
    const others = [...this.reports].filter(([, report]) => report.at >= since);
    return [{ tab: this.deps.tab, ...this.ownReport }, ...others.map(([tab, report]) => ({ tab, ...report }))];
  }

  /** Leader only: lets one tab sound, one that may. False when the browser lets none. */
  ring(sound: string): boolean {
    const tab = this.tabs().find((candidate) => candidate.sound)?.tab;
    if (!tab) return false;
    if (tab === this.deps.tab) for (const listener of this.ringListeners) listener(sound);
    else this.post({ type: "ring", tab: this.deps.tab, to: tab, sound });
    return true;
  }

  private lead(): void {
    this.set({ leading: true });
    this.post({ type: "claim", tab: this.deps.tab });
    for (const [id, { wish }] of this.grids) this.switchboard.grid(this.deps.tab, id, wish);
    for (const visit of this.visits.keys()) this.switchboard.follow(this.deps.tab, visit);
    this.connection.start();
  }

  /** Another tab took the lead while this one slept. */
  private lose(): void {
    this.connection.stop();
    this.leaderAt = this.deps.timers.now();
    this.set({ leading: false, link: { status: "connecting", retryAt: null, endReason: null } });
    this.post({ type: "hello", tab: this.deps.tab });
    this.announce();
  }

  private ready(now: number): void {
    this.set({ clockOffset: now - this.deps.timers.now() });
    this.setLink({ status: "live", retryAt: null, endReason: null });
    this.switchboard.reopen();
    this.sendPresence();
  }

  private sendPresence(): void {
    const tabs = this.tabs();
    this.connection.send({
      t: "presence",
      awake: tabs.some((tab) => tab.awake),
      sound: tabs.some((tab) => tab.sound),
      quiet: this.ownReport.quiet,
    });
  }

  private fromSocket(frame: LiveServerFrame): void {
    if (frame.t === "grid") {
      this.switchboard.receive(frame);
      return;
    }
    const from = this.view.state?.position ?? 0;
    this.receive(frame, from);
    this.post({ type: "frame", tab: this.deps.tab, frame, from });
  }

  private receive(frame: LiveServerFrame, from: number): void {
    if (this.held) {
      this.held.push({ frame, from });
      return;
    }
    const { state } = this.view;
    if (!state) return;
    switch (frame.t) {
      case "visit": {
        const update = { visit: frame.visit ?? this.visitCache.get(frame.id)?.visit ?? null, gone: frame.gone };
        if (this.visits.has(frame.id)) this.visitCache.set(frame.id, update);
        for (const handler of this.visits.get(frame.id) ?? []) handler(update);
        return;
      }
      case "error":
        for (const listener of this.faultListeners) listener(frame);
        return;
      case "event":
      case "position":
        if (from > state.position) {
          void this.resync();
          return;
        }
        break;
      case "ready":
      case "counters":
      case "agents":
      case "departments":
      case "queue":
      case "typing":
        break;
      default:
        return;
    }
    const next = reduce(state, frame, this.deps.timers.now());
    if (next === state) return;
    this.set({ state: next });
    if (frame.t === "event") for (const listener of this.eventListeners) listener(frame);
  }

  /** Loads the snapshot and applies what was heard meanwhile; tries until it works. */
  private resync(): Promise<void> {
    this.held ??= [];
    this.loading ??= this.load().finally(() => {
      this.loading = null;
    });
    return this.loading;
  }

  private async load(): Promise<void> {
    for (;;) {
      try {
        const snapshot = await this.deps.loadSnapshot();
        const held = this.held ?? [];
        this.held = null;
        this.set({
          state: fromSnapshot(snapshot, this.view.state),
          clockOffset: snapshot.now - this.deps.timers.now(),
          failing: false,
        });
        for (const listener of this.resyncListeners) listener();
        for (const { frame, from } of held) this.receive(frame, from);
        return;
      } catch {
        if (this.over) return;
        if (!(await this.deps.sessionStands())) {
          this.setLink({ status: "ended", retryAt: null, endReason: "expired" });
          throw new Error("session ended");
        }
        this.set({ failing: true });
        await new Promise<void>((resolve) => this.deps.timers.set(resolve, retrySnapshotAfter));
        if (this.over) return;
      }
    }
  }

  private fromTab(message: TabMessage): void {
    if (message.type === "frame" || message.type === "link" || message.type === "grid") {
      this.leaderAt = this.deps.timers.now();
    }
    if ("to" in message && message.to !== undefined && message.to !== this.deps.tab) return;
    switch (message.type) {
      case "frame":
        this.receive(message.frame, message.from);
        return;
      case "link":
        this.set({ link: message.link });
        return;
      case "reload":
        void this.resync();
        return;
      case "grid":
        this.grids.get(message.id)?.handler(message.frame);
        return;
      case "claim":
        this.announce();
        return;
      case "ring":
        for (const listener of this.ringListeners) listener(message.sound);
        return;
      default:
        if (this.leadership.leading) this.serve(message);
    }
  }

  /** Leader only: a wish of another tab. */
  private serve(message: TabMessage): void {
    switch (message.type) {
      case "hello":
        this.post({ type: "link", tab: this.deps.tab, link: this.view.link, to: message.tab });
        break;
      case "send":
        this.connection.send(message.frame);
        break;
      case "grid_wish":
        this.switchboard.grid(message.tab, message.id, message.wish);
        break;
      case "grid_close":
        this.switchboard.closeGrid(message.tab, message.id);
        break;
      case "follow":
        if (message.on) this.switchboard.follow(message.tab, message.visit);
        else this.switchboard.unfollow(message.tab, message.visit);
        break;
      case "report":
        this.takeReport(message.tab, message.report);
        break;
      case "bye":
        this.forget(message.tab);
        break;
      default:
        break;
    }
  }

  private takeReport(tab: string, report: TabReport): void {
    const known = this.reports.get(tab);
    this.reports.set(tab, { ...report, at: this.deps.timers.now() });
    if (!known) this.leadership.watch(tab, () => this.forget(tab));
    if (known?.sound !== report.sound || known.awake !== report.awake) this.sendPresence();
  }

  private forget(tab: string): void {
    this.reports.delete(tab);
    this.switchboard.forget(tab);
  }

  /** A new leader asked who is there. */
  private announce(): void {
    const { tab } = this.deps;
    this.post({ type: "report", tab, report: this.ownReport });
    for (const [id, { wish }] of this.grids) this.post({ type: "grid_wish", tab, id, wish });
    for (const visit of this.visits.keys()) this.post({ type: "follow", tab, visit, on: true });
  }

  private wishGrid(id: number, wish: GridWish): void {
    if (this.leadership.leading) this.switchboard.grid(this.deps.tab, id, wish);
    else this.post({ type: "grid_wish", tab: this.deps.tab, id, wish });
  }

  private wishVisit(visit: string, on: boolean): void {
    if (!this.leadership.leading) this.post({ type: "follow", tab: this.deps.tab, visit, on });
    else if (on) this.switchboard.follow(this.deps.tab, visit);
    else this.switchboard.unfollow(this.deps.tab, visit);
  }

  private send(frame: LiveClientFrame): void {
    if (this.leadership.leading) this.connection.send(frame);
    else this.post({ type: "send", tab: this.deps.tab, frame });
  }

  private post(message: TabMessage): void {
    if (!this.over) this.deps.channel?.post(message);
  }

  private setLink(link: Link): void {
    this.set({ link });
    this.post({ type: "link", tab: this.deps.tab, link });
  }

  private set(change: Partial<LiveView>): void {
    this.view = { ...this.view, ...change };
    for (const listener of this.listeners) listener();
  }
}
