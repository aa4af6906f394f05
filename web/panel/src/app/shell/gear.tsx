import { ActionIcon } from "@mantine/core";
import { IconSettings } from "@tabler/icons-react";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { Opener } from "@/shared/opener.tsx";
import { tip } from "@/shared/tip.tsx";

const GearMenu = lazy(() => import("./gear-menu.tsx").then((module) => ({ default: module.GearMenu })));

export function Gear() {
  const { t } = useTranslation();
  return (
    <Opener
      button={(props) => (
        <ActionIcon
          {...props}
          {...tip(t("shell.settings"))}
          variant="default"
          aria-label={t("shell.settings")}
          aria-haspopup="menu"
        >
          <IconSettings size={16} stroke={1.7} />
        </ActionIcon>
      )}
    >
      {(close) => <GearMenu onClose={close} />}
    </Opener>
  );
}
