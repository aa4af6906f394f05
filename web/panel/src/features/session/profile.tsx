import type { AgentStatus } from "@aceno/contract";
import { Menu, UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck, IconChevronDown } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount, useLiveView, useServices } from "@/app/services.tsx";
import { Avatar } from "@/shared/avatar.tsx";
import { explain } from "@/shared/explain.ts";
import classes from "./profile.module.css";

const statuses: readonly AgentStatus[] = ["online", "busy", "offline"];

/** Who I am and what I am for the visitors (T013, T014). The wish counts only with a live connection, and this says so. */
export function Profile() {
  const { t } = useTranslation();
  const { live } = useServices();
  const agent = useAccount((state) => state.me.agent);
  const active = useAccount(
    (state) => Object.values(state.conversations).filter((each) => each.state === "active").length,
  );
  const connected = useLiveView((view) => view.link.status === "live");
  const change = useMutation({
    mutationFn: (status: AgentStatus) => api.session.setStatus(status),
    onSuccess: (me) => live.adoptMe(me),
    onError: (error) => notifications.show({ color: "red", message: explain(error, t) }),
  });
  const wish = change.isPending ? change.variables : agent.status;
  const absent = !connected && wish !== "offline";
  const shown = absent ? t("session.absent") : t(`session.status.${wish}`);
  const limit = agent.conversation_limit;
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <UnstyledButton className={classes.profile} aria-label={`${agent.name}. ${t("session.change_status", { status: shown })}`}>
          <Avatar name={agent.name} status={absent ? "offline" : wish} />
          <span className={classes.text}>
            <b className={classes.name}>{agent.name}</b>
            <span className={classes.line}>
              <span data-absent={absent || undefined} title={absent ? t("session.absent_hint") : undefined}>
                {shown}
              </span>
              <IconChevronDown size={11} aria-hidden />
              <span title={t("session.load_hint", { active, limit })} data-full={active >= limit || undefined}>
                · {t("session.load", { active, limit })}
              </span>
            </span>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("session.status.label")}</Menu.Label>
        {statuses.map((status) => (
          <Menu.Item
            key={status}
            role="menuitemradio"
            aria-checked={wish === status}
            leftSection={<i className={classes.dot} data-status={status} aria-hidden />}
            rightSection={wish === status ? <IconCheck size={14} aria-hidden /> : undefined}
            onClick={() => change.mutate(status)}
          >
            {t(`session.status.${status}`)}
            <span className={classes.hint}>{t(`session.status.${status}_hint`)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
