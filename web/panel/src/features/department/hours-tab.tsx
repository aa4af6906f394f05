import "@/app/i18n/admin/index.ts";
import "@/app/i18n/department/index.ts";
import "@/app/theme/forms.ts";
import type { Department } from "@aceno/contract";
import { ActionIcon, Button, SegmentedControl, Select, Switch, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount } from "@/app/services.tsx";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { useRecordForm } from "@/features/admin/record-form.ts";
import { StateMark } from "@/features/admin/record-list.tsx";
import { RecordPage } from "@/features/admin/record-page.tsx";
import classes from "./department.module.css";
import {
  copyMonday,
  dayName,
  type Holiday,
  overnight,
  type Period,
  periodsOf,
  usualDay,
  weekFromMonday,
  withBrazilian,
} from "./hours.ts";

/** The server's limits. */
const mostHolidays = 100;
const longestName = 60;

/** When a department attends: by the week, and on holidays (T184, T224). */
export function HoursTab({ department }: { department: Department }) {
  const { t } = useTranslation("department");
  const { t: admin } = useTranslation("admin");
  const zone = useAccount((state) => state.me.account.time_zone);
  const { form, saving, fault, submit } = useRecordForm({
    initialValues: {
      scheduled: department.settings.hours.weekly.length > 0,
      settings: { hours: department.settings.hours },
    },
    validate: {
      settings: {
        hours: {
          weekly: (weekly: Period[], { scheduled }) => (scheduled && weekly.length === 0 ? t("hours.none") : null),
        },
      },
    },
    save: ({ scheduled, settings: { hours } }) =>
      api.departments.update(department.id, {
        settings: { hours: { ...hours, weekly: scheduled ? hours.weekly : [] } },
      }),
    onSaved: (_, values) => form.resetDirty(values),
  });
  const { scheduled, settings } = form.values;
  const set = (weekly: Period[]) => form.setFieldValue("settings.hours.weekly", weekly);
  return (
    <RecordPage
      page="departments"
      listTitle={admin("pages.departments")}
      title={null}
      saving={saving}
      fault={fault}
      onSubmit={submit}
      actions={<StateMark on={department.open}>{t(department.open ? "hours.open" : "hours.closed")}</StateMark>}
    >
      <AdminCard title={t("hours.when")}>
        <div className={classes.row}>
          <SegmentedControl
            aria-label={t("hours.when")}
            data={[
              { value: "always", label: t("hours.always") },
              { value: "weekly", label: t("hours.weekly") },
            ]}
            value={scheduled ? "weekly" : "always"}
            onChange={(value) => {
              form.setFieldValue("scheduled", value === "weekly");
              if (value === "weekly" && settings.hours.weekly.length === 0)
                set([1, 2, 3, 4, 5].map((day) => ({ day, ...usualDay })));
            }}
          />
        </div>
        <p className={classes.hint}>{t("hours.hint")}</p>
        {scheduled && <Week weekly={settings.hours.weekly} set={set} />}
        {form.errors["settings.hours.weekly"] && (
          <p className={classes.error} role="alert">
            {form.errors["settings.hours.weekly"]}
          </p>
        )}
        <Select
          label={t("hours.zone")}
          searchable
          clearable
          limit={80}
          placeholder={t("hours.zone_account", { zone })}
          data={Intl.supportedValuesOf("timeZone")}
          {...form.getInputProps("settings.hours.time_zone")}
          value={settings.hours.time_zone || null}
          onChange={(value) => form.setFieldValue("settings.hours.time_zone", value ?? "")}
        />
      </AdminCard>
      <AdminCard title={t("hours.holidays")}>
        <Holidays
          holidays={settings.hours.holidays}
          set={(holidays) => form.setFieldValue("settings.hours.holidays", holidays)}
        />
        {form.errors["settings.hours.holidays"] && (
          <p className={classes.error} role="alert">
            {form.errors["settings.hours.holidays"]}
          </p>
        )}
      </AdminCard>
    </RecordPage>
  );
}

function Week({ weekly, set }: { weekly: Period[]; set: (weekly: Period[]) => void }) {
  const { t } = useTranslation("department");
  const locale = currentLocale();
  const change = (at: number, part: Partial<Period>) =>
    set(weekly.map((period, i) => (i === at ? { ...period, ...part } : period)));
  return (
    <>
      <dl className={classes.week}>
        {weekFromMonday.map((number) => {
          const day = dayName(number, locale);
          const periods = periodsOf(weekly, number);
          return (
            <div key={number} className={classes.day}>
              <dt>{day}</dt>
              <dd>
                {periods.length === 0 && <span className={classes.none}>{t("hours.day_closed")}</span>}
                {periods.map(({ at, from, to }, i) => (
                  <div key={at} className={classes.period}>
                    <TextInput
                      type="time"
                      required
                      aria-label={t("hours.from", { day, n: i + 1 })}
                      value={from}
                      onChange={(event) => change(at, { from: event.currentTarget.value })}
                    />
                    <span>{t("hours.until")}</span>
                    <TextInput
                      type="time"
                      required
                      aria-label={t("hours.to", { day, n: i + 1 })}
                      value={to}
                      onChange={(event) => change(at, { to: event.currentTarget.value })}
                    />
                    {overnight({ from, to }) && <span>{t("hours.next_day")}</span>}
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={t("hours.remove", { day, from, to })}
                      onClick={() => set(weekly.filter((_, place) => place !== at))}
                    >
                      <IconTrash size={15} />
                    </ActionIcon>
                  </div>
                ))}
              </dd>
              <ActionIcon
                variant="default"
                title={t("hours.add", { day })}
                aria-label={t("hours.add", { day })}
                onClick={() => set([...weekly, { day: number, ...usualDay }])}
              >
                <IconPlus size={15} />
              </ActionIcon>
            </div>
          );
        })}
      </dl>
      <div className={classes.row}>
        <Button variant="default" onClick={() => set(copyMonday(weekly))}>
          {t("hours.copy")}
        </Button>
      </div>
    </>
  );
}

function Holidays({ holidays, set }: { holidays: Holiday[]; set: (holidays: Holiday[]) => void }) {
  const { t } = useTranslation("department");
  const change = (at: number, part: Partial<Holiday>) =>
    set(holidays.map((holiday, i) => (i === at ? { ...holiday, ...part } : holiday)));
  return (
    <>
      <p className={classes.hint}>{t("hours.holidays_hint")}</p>
      {holidays.length === 0 && <p className={classes.hint}>{t("hours.holidays_none")}</p>}
      <ul className={classes.holidays}>
        {holidays.map((holiday, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a holiday has nothing of its own that stays while it is edited
          <li key={at} className={classes.holiday}>
            <TextInput
              type="date"
              required
              label={t("hours.holiday_date")}
              value={holiday.date}
              onChange={(event) => change(at, { date: event.currentTarget.value })}
            />
            <TextInput
              label={t("hours.holiday_name")}
              maxLength={longestName}
              value={holiday.name}
              onChange={(event) => change(at, { name: event.currentTarget.value })}
            />
            {(["from", "to"] as const).map((end) => (
              <TextInput
                key={end}
                type="time"
                label={t(`hours.holiday_${end}`)}
                value={holiday[end] ?? ""}
                onChange={(event) => change(at, { [end]: event.currentTarget.value })}
              />
            ))}
            <Switch
              className={classes.yearly}
              label={t("hours.holiday_yearly")}
              checked={holiday.yearly ?? false}
              onChange={(event) => change(at, { yearly: event.currentTarget.checked })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("hours.holiday_remove", { date: holiday.date })}
              onClick={() => set(holidays.filter((_, place) => place !== at))}
            >
              <IconTrash size={15} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <div className={classes.row}>
        <Button
          variant="default"
          leftSection={<IconPlus size={15} />}
          disabled={holidays.length >= mostHolidays}
          onClick={() => set([...holidays, { date: "", name: "", yearly: false }])}
        >
          {t("hours.holiday_add")}
        </Button>
        <Button variant="default" onClick={() => set(withBrazilian(holidays, new Date().getFullYear()))}>
          {t("hours.holiday_brazil")}
        </Button>
      </div>
    </>
  );
}
