import "@/app/i18n/agent/index.ts";
import type { AgentStatus } from "@aceno/contract";
import { Menu } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useAccount, useLiveView, useServices } from "@/app/services.tsx";
import { type Part, readiness } from "@/features/agent/readiness.ts";
import { AnchoredMenu } from "@/shared/anchored.tsx";
import classes from "./profile.module.css";

interface ProfileMenuProps {
  status: AgentStatus;
  onStatus: (status: AgentStatus) => void;
  onClose: () => void;
}

const statuses: readonly AgentStatus[] = ["online", "busy", "offline"];
const parts: readonly Part[] = ["wish", "connection", "awake", "sound"];

/** My status, and what stands between me and the next visitor, with how to mend it (T014, B08). */
export function ProfileMenu({ status, onStatus, onClose }: ProfileMenuProps) {
  const { t } = useTranslation();
  return (
    <AnchoredMenu onClose={onClose} width={270} label={t("session.status.label")}>
      <Menu.Label>{t("session.status.label")}</Menu.Label>
      {statuses.map((each) => (
        <Menu.RadioItem
          key={each}
          value={each}
          checked={status === each}
          closeMenuOnClick
          onChange={() => onStatus(each)}
        >
          <span className={classes.choice}>
            <i className={classes.dot} data-status={each} aria-hidden />
            {t(`session.status.${each}`)}
          </span>
          <span className={classes.hint}>{t(`session.status.${each}_hint`)}</span>
        </Menu.RadioItem>
      ))}
      <Menu.Divider />
      <Readiness status={status} onStatus={onStatus} />
    </AnchoredMenu>
  );
}

function Readiness({ status, onStatus }: Pick<ProfileMenuProps, "status" | "onStatus">) {
  const { t } = useTranslation("agent");
  const { live, alerts } = useServices();
  const presence = useAccount((state) => state.presence[state.me.agent.id]);
  const connected = useLiveView((view) => view.link.status === "live");
  const has = readiness(status, connected, presence);
  const mend: Record<Part, () => void> = {
    wish: () => onStatus("online"),
    connection: () => live.wake(),
    awake: () => live.wake(),
    sound: () => void alerts.test(),
  };
  return (
    <>
      <Menu.Label>{t("ready.title")}</Menu.Label>
      {parts.map((part) => (
        <Menu.Item
          key={part}
          closeMenuOnClick={false}
          leftSection={
            has[part] ? (
              <IconCheck size={15} className={classes.good} aria-hidden />
            ) : (
              <IconAlertTriangle size={15} className={classes.missing} aria-hidden />
            )
          }
          onClick={() => has[part] || mend[part]()}
          data-part={part}
          data-ok={has[part]}
        >
          {part === "sound" && presence?.quiet ? t("ready.sound_quiet") : t(`ready.${part}`)}
          {!has[part] && <span className={classes.hint}>{t(`ready.${part}_mend`)}</span>}
        </Menu.Item>
      ))}
    </>
  );
}
