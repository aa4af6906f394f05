import { Button } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount, useLiveView, usePreferences, useServices } from "@/app/services.tsx";
import { dismissNotice, notify } from "@/shared/notify.ts";
import { readStored, writeStored } from "@/shared/storage.ts";

/** Shared by the tabs of the browser: working in any of them is working. */
const storageKey = "aceno.active_at";
const writeEvery = 5_000;
const checkEvery = 10_000;

/** Sets a present agent to busy after the chosen minutes without touching mouse or keyboard (T016). The leading tab decides. */
export function useAutoBusy(): void {
  const { t } = useTranslation();
  const { live } = useServices();
  const { idle_minutes: minutes } = usePreferences();
  const leading = useLiveView((view) => view.leading);
  const online = useAccount((state) => state.me.agent.status === "online");

  useEffect(() => {
    if (minutes === 0) return;
    let written = 0;
    const active = () => {
      const now = Date.now();
      if (now - written < writeEvery) return;
      written = now;
      writeStored(storageKey, String(now));
    };
    active();
    const kinds = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;
    for (const kind of kinds) window.addEventListener(kind, active, { passive: true, capture: true });
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, active, { capture: true });
    };
  }, [minutes]);

  useEffect(() => {
    if (minutes === 0 || !leading || !online) return;
    const setStatus = async (status: "online" | "busy") => live.adoptMe(await api.session.setStatus(status));
    const timer = setInterval(async () => {
      const last = Number(readStored(storageKey) ?? Date.now());
      if (Date.now() - last < minutes * 60_000) return;
      try {
        await setStatus("busy");
      } catch {
        return;
      }
      clearInterval(timer);
      void notify({
        id: "auto-busy",
        tone: "warning",
        stays: false,
        message: (
          <>
            {t("session.auto_busy", { minutes })}{" "}
            <Button
              variant="subtle"
              size="compact-xs"
              onClick={() => {
                void dismissNotice("auto-busy");
                setStatus("online").catch(() => {});
              }}
            >
              {t("session.back_online")}
            </Button>
          </>
        ),
      });
    }, checkEvery);
    return () => clearInterval(timer);
  }, [minutes, leading, online, live, t]);
}
