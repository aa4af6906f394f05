import "@/app/i18n/alert/index.ts";
import { Switch } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePreferences, useServices } from "@/app/services.tsx";
import { askForDesktop, desktopPermission } from "./desktop.ts";

/** Desktop notices, as far as the browser allows them (T099): switching them on asks the browser. */
export function DesktopSwitch() {
  const { t } = useTranslation("alert");
  const { preferences } = useServices();
  const { desktop } = usePreferences();
  const [permission, setPermission] = useState(desktopPermission);
  const refused = permission === "denied" || permission === "missing";
  const change = async (on: boolean) => {
    if (!on) {
      preferences.update({ desktop: false });
      return;
    }
    const answer = await askForDesktop();
    setPermission(answer);
    preferences.update({ desktop: answer === "granted" });
  };
  return (
    <Switch
      label={t("desktop")}
      description={refused ? t(permission === "missing" ? "desktop_missing" : "desktop_denied") : t("desktop_hint")}
      disabled={refused}
      checked={desktop && permission === "granted"}
      onChange={(event) => void change(event.currentTarget.checked)}
    />
  );
}
