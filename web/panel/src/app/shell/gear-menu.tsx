import "../i18n/agent/index.ts";
import { Menu, useMantineColorScheme } from "@mantine/core";
import {
  IconAdjustmentsHorizontal,
  IconColumns3,
  IconEye,
  IconKey,
  IconPhoto,
  IconTools,
  IconUser,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { permittedPages } from "@/features/admin/pages.ts";
import type { Theme } from "@/features/preferences/preferences.ts";
import { AnchoredMenu } from "@/shared/anchored.tsx";
import { changeLanguage, currentLanguage, languages } from "../i18n/index.ts";
import { languageNames } from "../i18n/names.ts";
import { useAccount, usePermission, usePreferences, useServices } from "../services.tsx";
import { useDesk } from "./desk.tsx";

const own = [
  ["profile", IconUser],
  ["password", IconKey],
  ["photo", IconPhoto],
] as const;
const themes: readonly Theme[] = ["auto", "light", "dark"];

export function GearMenu({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { t: agent } = useTranslation("agent");
  const desk = useDesk();
  const { preferences } = useServices();
  const { theme } = usePreferences();
  const { setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const maySupervise = usePermission("supervision.use");
  const mayAdminister = useAccount(({ me }) => permittedPages(me.permissions).length > 0);
  return (
    <AnchoredMenu onClose={onClose} width={230} label={t("shell.settings")}>
      {maySupervise && (
        <Menu.Item leftSection={<IconEye size={15} />} onClick={() => desk.supervise(null)}>
          {t("shell.supervision")}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconColumns3 size={15} />} onClick={() => desk.setColumnsOpen(true)}>
        {t("grid.choose.title")}
      </Menu.Item>
      <Menu.Item leftSection={<IconAdjustmentsHorizontal size={15} />} onClick={() => desk.show("preferences")}>
        {t("preferences.title")}
      </Menu.Item>
      {own.map(([part, Icon]) => (
        <Menu.Item key={part} leftSection={<Icon size={15} />} onClick={() => desk.show(part)}>
          {agent(`own.${part}`)}
        </Menu.Item>
      ))}
      {mayAdminister && (
        <Menu.Item
          leftSection={<IconTools size={15} />}
          onClick={() => void navigate({ to: "/admin/{-$page}/{-$item}/{-$tab}" })}
        >
          {t("shell.administration")}
        </Menu.Item>
      )}
      <Menu.Divider />
      <Menu.Label>{t("preferences.theme")}</Menu.Label>
      {themes.map((value) => (
        <Menu.RadioItem
          key={value}
          value={value}
          checked={theme === value}
          closeMenuOnClick
          onChange={() => {
            setColorScheme(value);
            preferences.update({ theme: value });
          }}
        >
          {t(`preferences.theme_${value}`)}
        </Menu.RadioItem>
      ))}
      <Menu.Divider />
      <Menu.Label>{t("preferences.language")}</Menu.Label>
      {languages.map((language) => (
        <Menu.RadioItem
          key={language}
          value={language}
          checked={currentLanguage() === language}
          closeMenuOnClick
          onChange={() => {
            void changeLanguage(language);
            preferences.update({ language });
          }}
        >
          {languageNames[language]}
        </Menu.RadioItem>
      ))}
    </AnchoredMenu>
  );
}
