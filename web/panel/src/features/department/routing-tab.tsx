import "@/app/i18n/admin/index.ts";
import "@/app/i18n/department/index.ts";
import "@/app/theme/forms.ts";
import "@mantine/core/styles/Radio.layer.css";
import type { Department } from "@aceno/contract";
import { Radio, Select, Stack, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount } from "@/app/services.tsx";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { useRecordForm } from "@/features/admin/record-form.ts";
import { Fields, RecordPage } from "@/features/admin/record-page.tsx";
import { NumberField } from "./number-field.tsx";

/** What is proposed when a department that helps is chosen. */
const usualOverflow = 60;

/** How conversations of a department find their agent, and when they end by themselves (T054, T062, T068). */
export function RoutingTab({ department }: { department: Department }) {
  const { t } = useTranslation("department");
  const { t: admin } = useTranslation("admin");
  const departments = useAccount((state) => state.departments);
  const { order, sticky, offer_seconds, answer_seconds, longest_wait_seconds, overflow, inactivity, gone_seconds } =
    department.settings;
  const { form, saving, fault, submit } = useRecordForm({
    initialValues: {
      settings: {
        order,
        sticky,
        offer_seconds,
        answer_seconds,
        longest_wait_seconds,
        overflow,
        inactivity,
        gone_seconds,
      },
    },
    save: (values) => api.departments.update(department.id, values),
    onSaved: (_, values) => form.resetDirty(values),
  });
  const helper = form.values.settings.overflow.department_id;
  const seconds = (
    name: "offer_seconds" | "answer_seconds" | "longest_wait_seconds" | "gone_seconds",
    max: number,
  ) => ({
    unit: "s",
    max,
    ...form.getInputProps(`settings.${name}`),
  });
  return (
    <RecordPage
      page="departments"
      listTitle={admin("pages.departments")}
      title={null}
      saving={saving}
      fault={fault}
      onSubmit={submit}
    >
      <AdminCard title={t("routing.roulette")}>
        <Radio.Group label={t("routing.order")} {...form.getInputProps("settings.order")}>
          <Stack gap={8} mt={8}>
            {(["round_robin", "lowest_load"] as const).map((value) => (
              <Radio key={value} value={value} label={t(`routing.${value}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Switch label={t("routing.sticky")} {...form.getInputProps("settings.sticky", { type: "checkbox" })} />
        <Fields>
          <NumberField
            label={t("routing.offer")}
            description={t("routing.offer_hint")}
            {...seconds("offer_seconds", 120)}
          />
          <NumberField
            label={t("routing.answer")}
            description={t("routing.answer_hint")}
            {...seconds("answer_seconds", 600)}
          />
        </Fields>
      </AdminCard>
      <AdminCard title={t("routing.queue")}>
        <NumberField
          label={t("routing.longest")}
          description={t("routing.longest_hint")}
          {...seconds("longest_wait_seconds", 7200)}
        />
        <Fields>
          <Select
            label={t("routing.overflow")}
            placeholder={t("routing.overflow_none")}
            clearable
            data={Object.values(departments)
              .filter(({ id, active }) => id !== department.id && (active || id === helper))
              .map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps("settings.overflow.department_id")}
            onChange={(id) =>
              form.setFieldValue("settings.overflow", {
                department_id: id,
                after_seconds: id === null ? 0 : form.values.settings.overflow.after_seconds || usualOverflow,
              })
            }
          />
          {helper !== null && (
            <NumberField
              unit="s"
              max={3600}
              label={t("routing.overflow_after")}
              description={t("routing.overflow_after_hint")}
              {...form.getInputProps("settings.overflow.after_seconds")}
            />
          )}
        </Fields>
      </AdminCard>
      <AdminCard title={t("routing.silence")}>
        <Fields>
          <NumberField
            unit="min"
            max={1440}
            label={t("routing.warn")}
            description={t("routing.minutes_hint")}
            {...form.getInputProps("settings.inactivity.warn_minutes")}
          />
          <NumberField
            unit="min"
            max={1440}
            label={t("routing.end")}
            description={t("routing.minutes_hint")}
            {...form.getInputProps("settings.inactivity.end_minutes")}
          />
        </Fields>
        <NumberField label={t("routing.gone")} description={t("routing.gone_hint")} {...seconds("gone_seconds", 900)} />
      </AdminCard>
    </RecordPage>
  );
}
