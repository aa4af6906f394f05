import type { Message, Snapshot } from "@aceno/contract";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRouter, RouterContextProvider } from "@tanstack/react-router";
import { act, render } from "@testing-library/react";
import i18next from "i18next";
import type { ReactNode } from "react";
import { Outbox, type Pending } from "@/features/conversation/outbox.ts";
import { type LoadMessages, Threads } from "@/features/conversation/threads.ts";
import { Alerts } from "@/features/preferences/alerts.ts";
import { type Preferences, PreferencesStore } from "@/features/preferences/preferences.ts";
import { startTranslation } from "./i18n/index.ts";
import "./i18n/conversation/index.ts";
import "./i18n/message/index.ts";
import { Live } from "./live/live.ts";
import { aMessage, aSnapshot, FakeSocket, FakeTimers, settle } from "./live/testing.ts";
import { type Services, ServicesProvider } from "./services.tsx";
import { DeskProvider } from "./shell/desk.tsx";
import { theme } from "./theme/theme.ts";

interface Scene {
  snapshot?: Partial<Snapshot>;
  preferences?: Partial<Preferences>;
  messages?: Message[];
}

/** Renders a part of the panel for a signed-in agent, connected over a socket that the test drives. */
export async function renderPanel(part: ReactNode, { snapshot, preferences: chosen = {}, messages = [] }: Scene = {}) {
  if (!i18next.isInitialized) await startTranslation("pt");
  const timers = new FakeTimers();
  const sockets: FakeSocket[] = [];
  const live = new Live({
    tab: "tab",
    agentId: "ana",
    openSocket: () => {
      const made = new FakeSocket();
      sockets.push(made);
      return made;
    },
    loadSnapshot: async () => aSnapshot(10, { now: timers.now(), ...snapshot }),
    sessionStands: async () => true,
    timers,
    channel: null,
    locks: null,
  });
  const load: LoadMessages = async () => ({ messages, more: false });
  const sent: Pending[] = [];
  const outbox: Outbox = new Outbox({
    post: async (pending) => {
      sent.push(pending);
      return aMessage(100 + sent.length, { client_id: pending.client_id, text: pending.text });
    },
    onDelivered: (message) => threads.take(message),
    timers,
    newId: () => `id${sent.length}`,
    store: { read: () => null, write: () => {} },
  });
  const threads = new Threads(load, (message) => outbox.delivered(message));
  const preferences = new PreferencesStore({
    raw: { ...chosen },
    save: async () => {},
    onSaveFailed: () => {},
    timers,
  });
  const services: Services = {
    live,
    threads,
    outbox,
    preferences,
    alerts: new Alerts(live, preferences),
    start: () => () => {},
  };
  live.onEvent((event) => threads.receive(event));
  live.start();
  await settle();
  const socket = sockets[0] as FakeSocket;
  socket.accept();
  socket.push({ t: "ready", position: 10, now: timers.now() });
  const router = createRouter({ routeTree: createRootRoute(), history: createMemoryHistory() });
  const view = render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={new QueryClient()}>
        <RouterContextProvider router={router}>
          <ServicesProvider services={services}>
            <DeskProvider>{part}</DeskProvider>
          </ServicesProvider>
        </RouterContextProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  await act(settle);
  const push = (frame: Parameters<FakeSocket["push"]>[0]) => act(() => socket.push(frame));
  return { view, services, socket, push, timers, sent, router };
}
