import { useSyncExternalStore } from "react";

export const sideTabs = ["details", "notes", "form", "history", "integrations"] as const;
export type SideTab = (typeof sideTabs)[number];

interface Shown {
  tab: SideTab;
  /** Grows when somebody else asks for the tab: the window then shows it even where it was hidden. */
  asked: number;
}

const shown = new Map<string, Shown>();
const listeners = new Set<() => void>();
const first: Shown = { tab: "details", asked: 0 };

function set(conversation: string, next: Shown): void {
  shown.set(conversation, next);
  for (const listener of listeners) listener();
}

/** Which complement of a conversation is before the agent's eyes; kept while the panel is open. */
export function useSideTab(conversation: string): Shown {
  return useSyncExternalStore(subscribe, () => shown.get(conversation) ?? first);
}

export function chooseSideTab(conversation: string, tab: SideTab): void {
  set(conversation, { ...(shown.get(conversation) ?? first), tab });
}

/** Brings a tab before the agent's eyes from elsewhere. */
export function askForSideTab(conversation: string, tab: SideTab): void {
  set(conversation, { tab, asked: (shown.get(conversation) ?? first).asked + 1 });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
