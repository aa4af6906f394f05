import type { ReactNode } from "react";

/** A short message at the corner of the screen. */
export interface Notice {
  /** A notice with the same id replaces the one before. */
  id?: string;
  tone?: "plain" | "warning" | "error";
  title?: string;
  message: ReactNode;
  /** Milliseconds; `false` stays until closed. */
  stays?: number | false;
}

type Area = typeof import("./notification-area.tsx");

let area: Promise<Area> | null = null;
const listeners = new Set<() => void>();

/** The area is fetched with the first notice. */
export async function notify(notice: Notice): Promise<void> {
  area ??= import("./notification-area.tsx");
  const { areaMounted, showNotice } = await area;
  for (const listener of listeners) listener();
  await areaMounted;
  showNotice(notice);
}

export async function dismissNotice(id: string): Promise<void> {
  if (area) (await area).hideNotice(id);
}

export function onFirstNotice(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
