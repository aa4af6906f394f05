import "@/app/i18n/admin/index.ts";
import "@/app/i18n/department/index.ts";
import "@/app/theme/forms.ts";
import type { Department } from "@aceno/contract";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { useRecordForm } from "@/features/admin/record-form.ts";
import { Fields, RecordPage } from "@/features/admin/record-page.tsx";
import classes from "./department.module.css";
import { NumberField } from "./number-field.tsx";

/** The server's limit: a day. */
const longest = 86_400;

/** The times a department promises (P03). */
export function ServiceTab({ department }: { department: Department }) {
  const { t } = useTranslation("department");
  const { t: admin } = useTranslation("admin");
  const { form, saving, fault, submit } = useRecordForm({
    initialValues: { settings: { service_level: department.settings.service_level } },
    save: (values) => api.departments.update(department.id, values),
    onSaved: (_, values) => form.resetDirty(values),
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
      <p className={classes.hint}>{t("service.intro")}</p>
      {(["first_response", "response", "handling"] as const).map((name) => (
        <AdminCard key={name} title={t(`service.${name}`)}>
          <p className={classes.hint}>{t(`service.${name}_hint`)}</p>
          <Fields>
            {(["warn", "breach"] as const).map((level) => (
              <NumberField
                key={level}
                unit="s"
                max={longest}
                label={t(`service.${level}`)}
                aria-label={`${t(`service.${name}`)}: ${t(`service.${level}`)}`}
                description={t("service.range")}
                {...form.getInputProps(`settings.service_level.${name}.${level}`)}
              />
            ))}
          </Fields>
        </AdminCard>
      ))}
    </RecordPage>
  );
}
