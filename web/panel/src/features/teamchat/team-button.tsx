import "@/app/i18n/teamchat/index.ts";
import { Button } from "@mantine/core";
import { IconMessages } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useAccount } from "@/app/services.tsx";
import { tip } from "@/shared/tip.tsx";
import classes from "./team.module.css";
import { totalUnread } from "./team-state.ts";
import { useTeam, useTeamStore } from "./use-team.ts";

const TeamWindow = lazy(() => import("./team-window.tsx").then((module) => ({ default: module.TeamWindow })));

/** Team chat (T093–T095): how much is unread, and the window, by click or Alt+T. */
export function TeamButton() {
  const { t } = useTranslation("teamchat");
  const store = useTeamStore();
  const { rooms, open } = useTeam();
  const served = useAccount((state) => state.me.agent.department_ids);
  const button = useRef<HTMLButtonElement>(null);
  const unread = totalUnread(rooms, served);
  const close = () => {
    store.show(false);
    button.current?.focus();
  };
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.key.toLowerCase() !== "t") return;
      event.preventDefault();
      store.show(!store.get().open);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [store]);
  return (
    <>
      <Button
        {...tip(`${t("hint")} · Alt+T`)}
        ref={button}
        className={classes.plain}
        variant="subtle"
        color="gray"
        leftSection={<IconMessages size={16} stroke={1.7} />}
        aria-label={unread > 0 ? t("unread", { count: unread }) : t("full")}
        aria-expanded={open}
        onClick={() => (open ? close() : store.show(true))}
      >
        <span className={classes.label}>{t("button")}</span>
        <span className={classes.badge} data-none={unread === 0 || undefined} aria-hidden>
          {unread > 99 ? "99+" : unread}
        </span>
      </Button>
      {open && (
        <Suspense fallback={null}>
          <TeamWindow onClose={close} />
        </Suspense>
      )}
    </>
  );
}
