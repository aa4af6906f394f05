import type { AgentStatus } from "@aceno/contract";
import { Menu } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { AnchoredMenu } from "@/shared/anchored.tsx";
import classes from "./profile.module.css";

interface ProfileMenuProps {
  status: AgentStatus;
  onStatus: (status: AgentStatus) => void;
  onClose: () => void;
}

const statuses: readonly AgentStatus[] = ["online", "busy", "offline"];

export function ProfileMenu({ status, onStatus, onClose }: ProfileMenuProps) {
  const { t } = useTranslation();
  return (
    <AnchoredMenu onClose={onClose} width={250} label={t("session.status.label")}>
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
    </AnchoredMenu>
  );
}
