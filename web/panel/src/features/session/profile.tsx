import type { AgentStatus } from "@aceno/contract";
import { UnstyledButton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount, useLiveView, useServices } from "@/app/services.tsx";
import { Avatar } from "@/shared/avatar.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import { Opener } from "@/shared/opener.tsx";
import classes from "./profile.module.css";

const ProfileMenu = lazy(() => import("./profile-menu.tsx").then((module) => ({ default: module.ProfileMenu })));

/** Who I am and what I am for the visitors (T013, T014). The wish counts only with a live connection, and this says so. */
export function Profile() {
  const { t } = useTranslation();
  const { live } = useServices();
  const agent = useAccount((state) => state.me.agent);
  const active = useAccount(
    ({ conversations, me }) =>
      Object.values(conversations).filter((each) => each.state === "active" && each.agent_id === me.agent.id).length,
  );
  const connected = useLiveView((view) => view.link.status === "live");
  const change = useMutation({
    mutationFn: (status: AgentStatus) => api.session.setStatus(status),
    onSuccess: (me) => live.adoptMe(me),
    onError: (error) => void notify({ tone: "error", message: explain(error, t) }),
  });
  const ready = useAccount((state) => state.presence[state.me.agent.id]?.ready !== false);
  const wish = change.isPending ? change.variables : agent.status;
  const absent = !connected && wish !== "offline";
  const shown = absent ? t("session.absent") : t(`session.status.${wish}`);
  const limit = agent.conversation_limit;
  const unready = wish === "online" && !absent && !ready;
  return (
    <Opener
      button={(props) => (
        <UnstyledButton
          {...props}
          className={classes.profile}
          aria-label={`${agent.name}. ${t("session.change_status", { status: shown })}`}
          aria-haspopup="menu"
        >
          <Avatar name={agent.name} photo={agent.photo_url} status={absent ? "offline" : wish} />
          <span className={classes.text}>
            <b className={classes.name}>{agent.name}</b>
            <span className={classes.line}>
              <span data-absent={absent || undefined} title={absent ? t("session.absent_hint") : undefined}>
                {shown}
              </span>
              {unready && (
                <span className={classes.unready} title={t("session.unready_hint")}>
                  · {t("session.unready")}
                </span>
              )}
              <IconChevronDown size={11} aria-hidden />
              <span title={t("session.load_hint", { active, limit })} data-full={active >= limit || undefined}>
                · {t("session.load", { active, limit })}
              </span>
            </span>
          </span>
        </UnstyledButton>
      )}
    >
      {(close) => <ProfileMenu status={wish} onStatus={(status) => change.mutate(status)} onClose={close} />}
    </Opener>
  );
}
