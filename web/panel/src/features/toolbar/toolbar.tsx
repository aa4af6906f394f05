import { Button } from "@mantine/core";
import { IconBell, IconBellOff, IconBellX, IconLogout, IconUsersGroup } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount, usePermission, usePreferences, useServices, useSoundUnlocked } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import { tip } from "@/shared/tip.tsx";
import { NextButton } from "./next-button.tsx";
import classes from "./toolbar.module.css";

const OutreachButtons = lazy(() =>
  import("@/features/outreach/outreach-buttons.tsx").then((module) => ({ default: module.OutreachButtons })),
);

const TeamButton = lazy(() =>
  import("@/features/teamchat/team-button.tsx").then((module) => ({ default: module.TeamButton })),
);
const QuickRepliesButton = lazy(() =>
  import("@/features/quickreply/quick-replies-button.tsx").then((module) => ({ default: module.QuickRepliesButton })),
);

/** What works is here; what an agent may not do is absent. */
export function Toolbar() {
  const { t } = useTranslation();
  const desk = useDesk();
  const mayView = usePermission("queue.view");
  const maySend = usePermission("outreach.send");
  const mayChat = usePermission("team.chat");
  const mayReply = usePermission("conversation.reply");
  return (
    <nav className={classes.bar} aria-label={t("shell.toolbar")}>
      <NextButton />
      <GoOnline />
      {maySend && (
        <Suspense fallback={null}>
          <span className={classes.line} />
          <OutreachButtons />
        </Suspense>
      )}
      {mayReply && (
        <Suspense fallback={null}>
          <span className={classes.line} />
          <QuickRepliesButton />
        </Suspense>
      )}
      {mayChat && (
        <Suspense fallback={null}>
          {!mayReply && <span className={classes.line} />}
          <TeamButton />
        </Suspense>
      )}
      {mayView && (
        <>
          <span className={classes.line} />
          <Button
            {...tip(t("toolbar.status_hint"))}
            className={classes.plain}
            variant="subtle"
            color="gray"
            leftSection={<IconUsersGroup size={16} stroke={1.7} />}
            onClick={() => desk.show("queue")}
            aria-label={t("toolbar.status")}
          >
            <span className={classes.wide}>{t("toolbar.status")}</span>
          </Button>
        </>
      )}
      <span className={classes.space} />
      <SoundButton />
      <Button
        {...tip(t("session.leave"))}
        className={classes.plain}
        variant="subtle"
        color="gray"
        leftSection={<IconLogout size={16} stroke={1.7} />}
        onClick={() => desk.show("leave")}
        aria-label={t("session.leave")}
      >
        <span className={classes.wide}>{t("session.leave_short")}</span>
      </Button>
    </nav>
  );
}

/** Who is offline is told by a way out of it: a new agent begins like that. */
function GoOnline() {
  const { t } = useTranslation();
  const { live } = useServices();
  const offline = useAccount((state) => state.me.agent.status === "offline");
  const change = useMutation({
    mutationFn: () => api.session.setStatus("online"),
    onSuccess: (me) => live.adoptMe(me),
    onError: (error) => void notify({ tone: "error", message: explain(error, t) }),
  });
  if (!offline) return null;
  return (
    <Button className={classes.online} variant="default" loading={change.isPending} onClick={() => change.mutate()}>
      {t("session.go_online")}
    </Button>
  );
}

function SoundButton() {
  const { t } = useTranslation();
  const { alerts, preferences } = useServices();
  const { sound } = usePreferences();
  const unlocked = useSoundUnlocked();
  const state = !sound ? "off" : unlocked ? "on" : "blocked";
  const Icon = { on: IconBell, off: IconBellOff, blocked: IconBellX }[state];
  return (
    <Button
      {...tip(t(`toolbar.sound_${state}`))}
      className={classes.plain}
      variant="subtle"
      color={state === "blocked" ? "yellow" : "gray"}
      aria-label={t(`toolbar.sound_${state}`)}
      aria-pressed={state === "on"}
      data-blocked={state === "blocked" || undefined}
      onClick={() => {
        if (state === "blocked") void alerts.test();
        else preferences.update({ sound: !sound });
      }}
    >
      <Icon size={16} stroke={1.7} />
    </Button>
  );
}
