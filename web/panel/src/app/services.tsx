import { type Me, NetworkError, newKey, Problem } from "@aceno/contract";
import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";
import { Outbox, type Pending } from "@/features/conversation/outbox.ts";
import { type Thread, Threads } from "@/features/conversation/threads.ts";
import { Alerts } from "@/features/preferences/alerts.ts";
import { type Preferences, PreferencesStore } from "@/features/preferences/preferences.ts";
import { browserTimers } from "@/shared/browser-timers.ts";
import { readStored, sessionStore, writeStored } from "@/shared/storage.ts";
import { useTick } from "@/shared/ticker.ts";
import { api } from "./api.ts";
import { Live, type LiveView } from "./live/live.ts";
import { browserSocket } from "./live/socket.ts";
import type { LiveState } from "./live/state.ts";
import { browserChannel, browserLocks } from "./live/tabs.ts";

/** What lives as long as an agent is signed in. */
export interface Services {
  live: Live;
  threads: Threads;
  outbox: Outbox;
  preferences: PreferencesStore;
  alerts: Alerts;
  start(): () => void;
}

/** Builds everything the panel of this agent needs; nothing runs before `start`. */
export function createServices(me: Me, onSaveFailed: (error: unknown) => void): Services {
  const agentId = me.agent.id;
  const live = new Live({
    tab: newKey(),
    agentId,
    openSocket: () => browserSocket(liveAddress()),
    loadSnapshot: () => api.snapshot(),
    sessionStands,
    timers: browserTimers,
    channel: browserChannel(`aceno.live.${agentId}`),
    locks: browserLocks(),
  });
  const threads: Threads = new Threads(
    (id, page) => api.conversations.messages(id, page),
    (message) => outbox.delivered(message),
  );
  const outboxKey = `aceno.outbox.${agentId}`;
  const outbox = new Outbox({
    post: post,
    onDelivered: (message) => threads.take(message),
    timers: browserTimers,
    newId: newKey,
    store: {
      read: () => readStored(outboxKey, sessionStore()),
      write: (value) => writeStored(outboxKey, value, sessionStore()),
    },
  });
  const preferences = new PreferencesStore({
    raw: me.preferences,
    save: async (raw) => live.adoptMe(await api.session.setPreferences(raw)),
    onSaveFailed,
    timers: browserTimers,
  });
  const alerts = new Alerts(live, preferences);
  return { live, threads, outbox, preferences, alerts, start };

  function start(): () => void {
    let wasLive = false;
    const stops = [
      live.onEvent((event) => {
        threads.receive(event);
        if (event.kind === "agent.preferences_changed" && event.payload.agent_id === agentId) {
          preferences.adopt(event.payload.preferences);
        }
      }),
      live.onResync(() => threads.refresh()),
      live.subscribe(() => {
        const isLive = live.getView().link.status === "live";
        if (isLive && !wasLive) outbox.flush();
        wasLive = isLive;
      }),
      alerts.start(),
    ];
    live.start();
    return () => {
      for (const stop of stops) stop();
      live.stop();
    };
  }
}

function post(pending: Pending, onProgress: (share: number) => void) {
  const { conversation_id: id, client_id, audience, text, file, reply_to } = pending;
  if (file) return api.conversations.postFile(id, file, client_id, audience, { onProgress });
  return api.conversations.post(id, { client_id, text, audience, ...(reply_to !== null && { reply_to }) });
}

async function sessionStands(): Promise<boolean> {
  try {
    await api.session.get();
    return true;
  } catch (error) {
    return error instanceof NetworkError || !(error instanceof Problem && error.status === 401);
  }
}

function liveAddress(): string {
  const { protocol, host } = window.location;
  return `${protocol === "https:" ? "wss:" : "ws:"}//${host}/api/live`;
}

const Context = createContext<Services | null>(null);

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  return <Context.Provider value={services}>{children}</Context.Provider>;
}

export function useServices(): Services {
  const services = useContext(Context);
  if (!services) throw new Error("outside of the panel");
  return services;
}

/** Part of the connection's view. The selector must return something that stays the same while nothing changed. */
export function useLiveView<T>(select: (view: LiveView) => T): T {
  const { live } = useServices();
  return useSyncExternalStore(live.subscribe, () => select(live.getView()));
}

/** Part of the account's state; only below the shell, which waits for the first snapshot. */
export function useAccount<T>(select: (state: LiveState) => T): T {
  const { live } = useServices();
  return useSyncExternalStore(live.subscribe, () => {
    const { state } = live.getView();
    if (!state) throw new Error("no snapshot yet");
    return select(state);
  });
}

/** May the agent do this? The server decides again. */
export function usePermission(permission: string): boolean {
  return useAccount((state) => state.me.permissions.includes(permission));
}

/** The server's time, renewed every second. */
export function useServerNow(): number {
  const { live } = useServices();
  return useTick() + live.getView().clockOffset;
}

export function usePreferences(): Preferences {
  const { preferences } = useServices();
  return useSyncExternalStore(preferences.subscribe, preferences.get);
}

export function useThread(conversation: string): Thread {
  const { threads } = useServices();
  return useSyncExternalStore(threads.subscribe, () => threads.get(conversation));
}

/** All messages on their way, of every conversation. */
export function usePending(): readonly Pending[] {
  const { outbox } = useServices();
  return useSyncExternalStore(outbox.subscribe, outbox.get);
}

export function useSoundUnlocked(): boolean {
  const { alerts } = useServices();
  return useSyncExternalStore(alerts.subscribe, alerts.isUnlocked);
}
