import { Button } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useTick } from "@/shared/ticker.ts";
import { useLiveView, useServices, useSoundUnlocked } from "../services.tsx";
import classes from "./link.module.css";

/** A blink of a lost connection is not worth a word; what lasts longer is. */
const quietFor = 1_200;

/** In the information bar, only while the connection is gone. */
export function LinkNotice() {
  const { t } = useTranslation();
  const { live } = useServices();
  const down = useLiveView((view) => view.link.status === "reconnecting");
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!down) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), quietFor);
    return () => clearTimeout(timer);
  }, [down]);
  return (
    <div role="status" className={classes.notice} data-shown={shown || undefined}>
      {shown && (
        <>
          <IconPlugConnectedX size={15} aria-hidden />
          <span title={t("live.offline_notice")}>
            <RetryText />
          </span>
          <Button variant="subtle" size="compact-xs" onClick={() => live.wake()}>
            {t("live.try_now")}
          </Button>
        </>
      )}
    </div>
  );
}

function RetryText() {
  const { t } = useTranslation();
  const now = useTick();
  const retryAt = useLiveView((view) => view.link.retryAt);
  const seconds = retryAt === null ? 0 : Math.ceil((retryAt - now) / 1000);
  return <>{seconds > 1 ? t("live.reconnecting_in", { seconds }) : t("live.reconnecting")}</>;
}

/** How the connection stands, at the foot of the grid: 'live' with a dot and, on hover, what it rests on (B08). */
export function LinkState() {
  const { t } = useTranslation();
  const sound = useSoundUnlocked();
  const status = useLiveView((view) => view.link.status);
  const leading = useLiveView((view) => view.leading);
  const text = {
    live: t("live.live"),
    connecting: t("live.connecting"),
    reconnecting: t("live.reconnecting"),
    ended: t("live.reconnecting"),
  }[status];
  const facts = [
    leading ? t("live.leader") : t("live.follower"),
    sound ? t("live.sound_on") : t("live.sound_off"),
    t("live.awake"),
  ];
  return (
    <span className={classes.state} data-status={status} title={facts.join("\n")}>
      {text}
      <i className={classes.dot} aria-hidden />
    </span>
  );
}
