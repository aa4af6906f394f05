import type { GridFrame, LiveClientFrame, LiveServerFrame } from "@aceno/contract";
import type { Link } from "./state.ts";
import type { GridWish } from "./switchboard.ts";

/** What a tab tells the others about itself; the leader needs it for presence and for choosing who rings. */
export interface TabReport {
  visible: boolean;
  /** Its scripts run: the browser has not frozen it. */
  awake: boolean;
  sound: boolean;
  /** The agent switched sounds off. */
  quiet: boolean;
  /** The conversation before the agent's eyes. */
  viewing: string | null;
}

/** What travels between the tabs of one browser. `to` names a tab, or everybody when absent. */
export type TabMessage =
  | { type: "hello"; tab: string }
  | { type: "claim"; tab: string }
  | { type: "link"; tab: string; link: Link; to?: string }
  | { type: "reload"; tab: string }
  /** `from` is the leader's position before the frame: a tab that is behind it missed something. */
  | { type: "frame"; tab: string; frame: LiveServerFrame; from: number }
  | { type: "grid"; tab: string; to: string; id: number; frame: GridFrame }
  | { type: "send"; tab: string; frame: LiveClientFrame }
  | { type: "grid_wish"; tab: string; id: number; wish: GridWish }
  | { type: "grid_close"; tab: string; id: number }
  | { type: "follow"; tab: string; visit: string; on: boolean }
  | { type: "report"; tab: string; report: TabReport }
  | { type: "ring"; tab: string; to: string; sound: string }
  | { type: "bye"; tab: string };

export interface Channel {
  post(message: TabMessage): void;
  listen(handler: (message: TabMessage) => void): void;
  close(): void;
}

/** The part of Web Locks that is used. */
export interface Locks {
  /**
   * Runs `held` when the lock is ours; it stays ours until the promise settles. Rejects with an AbortError when given up
   * before, or when another tab took the lock away.
   */
  request(name: string, signal: AbortSignal, held: () => Promise<void>): Promise<void>;
  /** Takes the lock at once from whoever holds it. */
  steal(name: string, held: () => Promise<void>): Promise<void>;
}

export function browserChannel(name: string): Channel | null {
  if (typeof BroadcastChannel === "undefined") return null;
  const channel = new BroadcastChannel(name);
  return {
    post: (message) => channel.postMessage(message),
    listen: (handler) => {
      channel.onmessage = (event: MessageEvent<TabMessage>) => handler(event.data);
    },
    close: () => channel.close(),
  };
}

/** `null` where the browser has no locks (plain http to another machine): each tab then keeps its own connection. */
export function browserLocks(): Locks | null {
  if (typeof navigator === "undefined" || !("locks" in navigator) || !navigator.locks) return null;
  return {
    request: async (name, signal, held) => {
      await navigator.locks.request(name, { signal }, held);
    },
    steal: async (name, held) => {
      await navigator.locks.request(name, { steal: true }, held);
    },
  };
}

/**
 * Decides which tab of the browser leads. Every tab holds a lock of its own while it lives, so that the leader learns of
 * one that crashed; the leader's lock passes by itself to the next in line. A leader that the browser put to sleep keeps its
 * lock and says nothing: a tab that is in use takes it away, and the sleeper follows when it wakes.
 */
export class Leadership {
  private readonly abort = new AbortController();
  private release: () => void = () => {};
  private readonly over: Promise<void>;
  leading = false;

  constructor(
    private readonly name: string,
    private readonly tab: string,
    private readonly locks: Locks | null,
    private readonly events: { onLead: () => void; onLose: () => void },
  ) {
    this.over = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  join(): void {
    if (!this.locks) {
      this.lead();
      return;
    }
    ignoreAbort(this.locks.request(this.tabLock(this.tab), this.abort.signal, () => this.over));
    this.queueUp(this.locks);
  }

  /** Leads from now on, whoever leads. */
  takeOver(): void {
    if (!this.locks || this.leading || this.abort.signal.aborted) return;
    this.hold(this.locks, (held) => this.locks?.steal(this.name, held));
  }

  /** Calls back when the tab is gone, however it went. */
  watch(tab: string, gone: () => void): void {
    if (!this.locks) return;
    ignoreAbort(
      this.locks.request(this.tabLock(tab), this.abort.signal, async () => {
        gone();
      }),
    );
  }

  leave(): void {
    this.leading = false;
    this.abort.abort();
    this.release();
  }

  private queueUp(locks: Locks): void {
    this.hold(locks, (held) => locks.request(this.name, this.abort.signal, held));
  }

  private hold(locks: Locks, request: (held: () => Promise<void>) => Promise<void> | undefined): void {
    const held = () => {
      // The place in the queue came up although this tab leads already: it gives the lock back.
      if (this.leading) return Promise.resolve();
      this.lead();
      return this.over;
    };
    request(held)?.catch((error: unknown) => {
      if (!isAbort(error)) throw error;
      if (this.abort.signal.aborted || !this.leading) return;
      this.leading = false;
      this.events.onLose();
      this.queueUp(locks);
    });
  }

  private lead(): void {
    this.leading = true;
    this.events.onLead();
  }

  private tabLock(tab: string): string {
    return `${this.name}.${tab}`;
  }
}

function ignoreAbort(request: Promise<void>): void {
  request.catch((error: unknown) => {
    if (!isAbort(error)) throw error;
  });
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
