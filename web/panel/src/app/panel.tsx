import type { Me } from "@aceno/contract";
import { useMantineColorScheme } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import i18next from "i18next";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAutoBusy } from "@/features/session/auto-busy.tsx";
import { Breaches } from "@/features/supervision/breaches.tsx";
import { notify } from "@/shared/notify.ts";
import { Waiting } from "@/shared/waiting.tsx";
import { api } from "./api.ts";
import { changeLanguage } from "./i18n/index.ts";
import { startHeartbeat, workerTick } from "./live/heartbeat.ts";
import { queryClient } from "./query.ts";
import {
  createServices,
  type Services,
  ServicesProvider,
  useLiveView,
  usePreferences,
  useServices,
  useSoundUnlocked,
} from "./services.tsx";
import { Cards } from "./shell/cards.tsx";
import { DeskProvider } from "./shell/desk.tsx";
import { Dialogs } from "./shell/dialogs.tsx";

/** Everything behind the sign-in. It belongs to one agent; what changes of what is known of it arrives live. */
export function Panel({ me, children }: { me: Me; children: ReactNode }) {
  const first = useRef(me);
  const [services, setServices] = useState<Services | null>(null);
  useEffect(() => {
    const made = createServices(
      first.current,
      () => void notify({ id: "preferences", tone: "error", message: i18next.t("preferences.save_failed") }),
    );
    setServices(made);
    return made.start();
  }, []);
  if (!services) return <Waiting />;
  return (
    <ServicesProvider services={services}>
      <Signed>{children}</Signed>
    </ServicesProvider>
  );
}

function Signed({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const loaded = useLiveView((view) => view.state !== null);
  const failing = useLiveView((view) => view.failing);
  useSessionEnd();
  useHeartbeat();
  useAppearance();
  if (!loaded) return <Waiting text={failing ? t("shell.load_failed") : undefined} />;
  return <Loaded>{children}</Loaded>;
}

function Loaded({ children }: { children: ReactNode }) {
  useAutoBusy();
  useReturnNotice();
  return (
    <DeskProvider>
      {children}
      <Dialogs />
      <Cards />
      <Breaches />
    </DeskProvider>
  );
}

/** Leaves for the sign-in page, with the reason, when the session is over. */
function useSessionEnd(): void {
  const reason = useLiveView((view) => view.link.endReason);
  const navigate = useNavigate();
  useEffect(() => {
    if (!reason) return;
    queryClient.clear();
    void navigate({ to: "/sign-in", search: { reason }, replace: true });
  }, [reason, navigate]);
}

/** A conversation was taken back (a connection lost for too long, say): its tab goes, and the agent is told. */
function useReturnNotice(): void {
  const { t } = useTranslation();
  const { live } = useServices();
  useEffect(
    () =>
      live.onEvent((event) => {
        if (event.kind !== "conversation.returned") return;
        const { conversation, former_agent_id } = event.payload;
        if (former_agent_id !== live.getView().state?.me.agent.id) return;
        api.session.told(Date.now() + live.getView().clockOffset).catch(() => {});
        const { number, visitor } = conversation;
        void notify({
          tone: "warning",
          message: t("shell.returned_notice", { number: `#${number}`, name: visitor.name }),
          stays: 10_000,
        });
      }),
    [live, t],
  );
  const returned = useLiveView((view) => view.state?.me.returned ?? null);
  useEffect(() => {
    if (!returned) return;
    void import("@/features/agent/returned-notice.ts").then(({ tellReturned }) => tellReturned(returned));
  }, [returned]);
}

/** Signs of life and what this tab tells of itself (B08, B16). */
function useHeartbeat(): void {
  const { live } = useServices();
  const sound = useSoundUnlocked();
  const quiet = !usePreferences().sound;
  useEffect(() => {
    const report = (awake = true) => live.reportSelf({ visible: !document.hidden, awake, sound, quiet });
    const wake = () => {
      report();
      live.wake();
    };
    const freeze = () => report(false);
    const seen = () => report();
    report();
    document.addEventListener("visibilitychange", seen);
    document.addEventListener("freeze", freeze);
    document.addEventListener("resume", wake);
    window.addEventListener("online", wake);
    window.addEventListener("pageshow", wake);
    const stop = startHeartbeat({
      tick: workerTick,
      now: () => Date.now(),
      onBeat: () => live.beat(),
      onAwake: wake,
    });
    return () => {
      stop();
      document.removeEventListener("visibilitychange", seen);
      document.removeEventListener("freeze", freeze);
      document.removeEventListener("resume", wake);
      window.removeEventListener("online", wake);
      window.removeEventListener("pageshow", wake);
    };
  }, [live, sound, quiet]);
}

/** Language and theme follow the agent, not the browser. */
function useAppearance(): void {
  const { language, theme } = usePreferences();
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => setColorScheme(theme), [theme, setColorScheme]);
  useEffect(() => {
    if (language) void changeLanguage(language);
  }, [language]);
}
