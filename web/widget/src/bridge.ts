import type { Ends, Line } from "./loader/transport";
import type { ClientFrame, Fields, Look, ServerFrame } from "./protocol";

/** The connection as the visitor feels it. `refused` is final: wrong key, foreign origin or a protocol error. */
export type Link = "connecting" | "open" | "lost" | "refused";

/** What the loader tells the chat beside the server's frames. */
export type LocalSignal = { t: "link"; link: Link } | { t: "show"; open: boolean } | { t: "context" };

export type Signal = ServerFrame | LocalSignal;

export type Language = "pt" | "en" | "es";

/** Guarded storage: never throws; in memory where the browser refuses. Keys are local to the site's key. */
export interface Store {
  get(name: string): string | null;
  set(name: string, value: string | null): void;
  /** Whether values may stay on the device. Without, they live in memory; with, those in memory are written. */
  keep(on: boolean): void;
}

/** What the site told us by commands. */
export interface Context {
  name: string;
  email: string;
  fields: Fields;
  department: string;
  /** What the visitor or the site said of being known; undefined while nobody did. */
  consent?: boolean;
}

/** What the launcher shows. */
export interface LauncherView {
  open: boolean;
  online: boolean;
  unread: number;
  hidden: boolean;
  language: Language;
  look: Look;
}

/** What the loader leaves to page.js, in order: frames with an id of their own, commands it does not know, a line that is to poll, a history to watch. */
export type Errand =
  | ["frame", ServerFrame]
  | ["command", unknown, unknown, unknown]
  | ["poll", Ends, Line]
  | ["history", () => void];

/** Where page.js takes over from the loader. */
export interface Hooks {
  /** Does the bridge's errands; called after each new one. Until it is set, they wait. */
  take?(): void;
  /** Shows the launcher in the looks that the loader does not draw itself; called after each change. */
  draw?(view: LauncherView): void;
  /** Opens the chat elsewhere than in the page; false when it can't. */
  open?(): boolean;
}

/**
 * The one thing that passes from the loader to the other scripts: handed over as a property of their own script elements,
 * so the host page gets no second global.
 */
export interface Bridge {
  readonly base: string;
  readonly key: string;
  readonly context: Context;
  /** Survives the page, shared by the site's tabs. */
  readonly local: Store;
  /** Survives the page, this tab only. */
  readonly session: Store;
  /** The site's look as the server last told it, and over it what the page's commands chose. */
  look(): Look;
  /** What the page's commands chose; call render after a change. */
  readonly chosen: Partial<Look>;
  readonly hooks: Hooks;
  /** What page.js has still to do. */
  readonly errands: Errand[];
  /** Shows the present state on the launcher. */
  render(): void;
  /** What the page chose has changed: the launcher and the chat take it over. */
  changed(): void;
  /** Announces a page view. */
  page(): void;
  token(): string | null;
  /** Drops a refused token and connects as a new visitor. */
  renew(): void;
  /** Connects again now: the chat found out that the line is dead. */
  reconnect(): void;
  link(): Link;
  isOpen(): boolean;
  /** The widget's language: command, then the page, then the browser. */
  language(): Language;
  /** Sends an ephemeral frame; false when there is no connection, and then it is lost on purpose. */
  send(frame: ClientFrame): boolean;
  /** Calls back with every frame and signal, in order, until the returned function is called. */
  listen(listener: (signal: Signal) => void): () => void;
  /** Shows or hides the chat; remembered for the tab. */
  show(open: boolean): void;
  /** The count on the launcher. */
  unread(count: number): void;
  /** Gives the focus to whatever opens the chat. page.js replaces it. */
  focusLauncher: () => void;
  /** A new element of ours in the page with a shadow root and its own style sheet, immune to the page's. */
  host(css: string): ShadowRoot;
  /** Calls the site's callbacks. */
  emit(event: SiteEvent, detail?: unknown): void;
}

export type SiteEvent = "ready" | "open" | "close" | "message" | "conversation";

/** The property of our scripts' elements that carries the bridge. */
export const bridgeKey = Symbol.for("aceno");
