import "@/app/i18n/grid/index.ts";
import "@/app/i18n/teamchat/index.ts";
import "@/app/i18n/quickreply/index.ts";
import "@/app/theme/forms.ts";
import { Alert, Button, NumberInput, SegmentedControl, Select, Switch, useMantineColorScheme } from "@mantine/core";
import { IconVolume } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { changeLanguage, currentLanguage, isLanguage, languages } from "@/app/i18n/index.ts";
import { languageNames } from "@/app/i18n/names.ts";
import { usePreferences, useServices, useSoundUnlocked } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { DesktopSwitch } from "./desktop-switch.tsx";
import classes from "./preferences.module.css";
import type { Density, SendKey, Theme } from "./preferences.ts";

const volumes = [
  { value: "0.2", key: "volume_low" },
  { value: "0.5", key: "volume_middle" },
  { value: "1", key: "volume_high" },
] as const;

/** The agent's choices; each is saved as it is made. */
export function PreferencesDialog() {
  const { t } = useTranslation();
  const { t: grid } = useTranslation("grid");
  const { t: team } = useTranslation("teamchat");
  const { t: replies } = useTranslation("quickreply");
  const desk = useDesk();
  const { preferences, alerts } = useServices();
  const chosen = usePreferences();
  const unlocked = useSoundUnlocked();
  const { setColorScheme } = useMantineColorScheme();
  return (
    <Dialog onClose={() => desk.show(null)} title={t("preferences.title")}>
      <div className={classes.form}>
        <h3>{t("preferences.general")}</h3>
        <Line label={t("preferences.language")}>
          <Select
            aria-label={t("preferences.language")}
            value={currentLanguage()}
            allowDeselect={false}
            data={languages.map((value) => ({ value, label: languageNames[value] }))}
            onChange={(value) => {
              if (!isLanguage(value)) return;
              void changeLanguage(value);
              preferences.update({ language: value });
            }}
          />
        </Line>
        <Line label={t("preferences.theme")}>
          <SegmentedControl
            aria-label={t("preferences.theme")}
            value={chosen.theme}
            data={(["auto", "light", "dark"] as const).map((value) => ({
              value,
              label: t(`preferences.theme_${value}`),
            }))}
            onChange={(value) => {
              setColorScheme(value as Theme);
              preferences.update({ theme: value as Theme });
            }}
          />
        </Line>
        <Line label={t("preferences.density")}>
          <SegmentedControl
            aria-label={t("preferences.density")}
            value={chosen.density}
            data={(["compact", "comfortable"] as const).map((value) => ({
              value,
              label: t(`preferences.density_${value}`),
            }))}
            onChange={(value) => preferences.update({ density: value as Density })}
          />
        </Line>
        <h3>{t("preferences.writing")}</h3>
        <Line label={t("preferences.send_key")}>
          <SegmentedControl
            aria-label={t("preferences.send_key")}
            value={chosen.send_key}
            data={(["enter", "ctrl_enter"] as const).map((value) => ({ value, label: t(`preferences.send_${value}`) }))}
            onChange={(value) => preferences.update({ send_key: value as SendKey })}
          />
        </Line>
        <Button variant="default" onClick={() => desk.show("replies")}>
          {replies("mine")}
        </Button>
        <NumberInput
          className={classes.number}
          label={t("preferences.idle")}
          description={t("preferences.idle_hint")}
          min={0}
          max={240}
          allowDecimal={false}
          clampBehavior="strict"
          value={chosen.idle_minutes}
          onChange={(value) => preferences.update({ idle_minutes: typeof value === "number" ? value : 0 })}
        />
        <h3>{t("preferences.alerts")}</h3>
        {chosen.sound && !unlocked && (
          <Alert color="yellow" p="xs">
            {t("preferences.blocked")}
          </Alert>
        )}
        <Switch
          label={t("preferences.sound")}
          description={t("preferences.sound_hint")}
          checked={chosen.sound}
          onChange={(event) => preferences.update({ sound: event.currentTarget.checked })}
        />
        <div className={classes.inner}>
          <Switch
            label={t("preferences.sound_waiting")}
            disabled={!chosen.sound}
            checked={chosen.sound_waiting}
            onChange={(event) => preferences.update({ sound_waiting: event.currentTarget.checked })}
          />
          <Switch
            label={t("preferences.sound_message")}
            disabled={!chosen.sound}
            checked={chosen.sound_message}
            onChange={(event) => preferences.update({ sound_message: event.currentTarget.checked })}
          />
          <Switch
            label={team("preferences.sound_team")}
            disabled={!chosen.sound}
            checked={chosen.sound_team}
            onChange={(event) => preferences.update({ sound_team: event.currentTarget.checked })}
          />
          <Switch
            label={team("preferences.sound_mention")}
            disabled={!chosen.sound}
            checked={chosen.sound_mention}
            onChange={(event) => preferences.update({ sound_mention: event.currentTarget.checked })}
          />
          <Line label={t("preferences.volume")}>
            <SegmentedControl
              aria-label={t("preferences.volume")}
              disabled={!chosen.sound}
              value={volumes.find(({ value }) => Number(value) >= chosen.volume)?.value ?? "1"}
              data={volumes.map(({ value, key }) => ({ value, label: t(`preferences.${key}`) }))}
              onChange={(value) => preferences.update({ volume: Number(value) })}
            />
          </Line>
          <Button variant="default" leftSection={<IconVolume size={15} />} onClick={() => void alerts.test()}>
            {t("preferences.test")}
          </Button>
        </div>
        <DesktopSwitch />
        <Switch
          label={grid("arrival.alert_new")}
          description={grid("arrival.alert_hint")}
          checked={chosen.alert_new}
          onChange={(event) => preferences.update({ alert_new: event.currentTarget.checked })}
        />
        <Switch
          label={grid("arrival.alert_return")}
          checked={chosen.alert_return}
          onChange={(event) => preferences.update({ alert_return: event.currentTarget.checked })}
        />
        <Switch
          label={t("preferences.title_blink")}
          checked={chosen.title_blink}
          onChange={(event) => preferences.update({ title_blink: event.currentTarget.checked })}
        />
        <p className={classes.note}>{t("preferences.saved")}</p>
      </div>
    </Dialog>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.line}>
      <span aria-hidden>{label}</span>
      {children}
    </div>
  );
}
