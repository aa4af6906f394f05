import type { Bridge } from "../bridge";
import type { ServerFrame } from "../protocol";

/**
 * One subject that page.js knows: the frames and the commands it takes. Frames come here when they have an `id` of their own. A throw is
 * swallowed: the host page never sees it.
 */
export interface Topic {
  frames?: { [T in ServerFrame["t"]]?: (frame: Extract<ServerFrame, { t: T }>) => void };
  /** The commands `aceno(name, value, more)` that the loader does not know itself. Everything comes from the page: check it. */
  commands?: Record<string, (value: unknown, more: unknown) => void>;
}

/** Begins a subject on this page. Called once, when page.js is there; everything that waited comes afterwards, in order. */
export type StartTopic = (bridge: Bridge) => Topic;
