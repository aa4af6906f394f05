import "@/app/i18n/admin/index.ts";
import "@/app/i18n/department/index.ts";
import "@/app/theme/forms.ts";
import type { Department } from "@aceno/contract";
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { useRecordForm } from "@/features/admin/record-form.ts";
import { RecordPage } from "@/features/admin/record-page.tsx";
import classes from "./department.module.css";

/** Which forms hold in a department (T185, T206). */
export function FormsTab({ department }: { department: Department }) {
  const { t } = useTranslation("department");
  const { t: admin } = useTranslation("admin");
  const { data } = useQuery({ queryKey: ["forms"], queryFn: ({ signal }) => api.forms.list(signal) });
  const { form, saving, fault, submit } = useRecordForm({
    initialValues: { settings: { form_id: department.settings.form_id } },
    save: ({ settings }) => api.departments.update(department.id, { settings: { form_id: settings.form_id ?? "" } }),
    onSaved: (_, values) => form.resetDirty(values),
  });
  const forms = data?.forms ?? [];
  const visitors = forms.filter(
    ({ kind, active, department_ids }) =>
      kind !== "conversation" && active && (department_ids.length === 0 || department_ids.includes(department.id)),
  );
  return (
    <RecordPage
      page="departments"
      listTitle={admin("pages.departments")}
      title={null}
      saving={saving}
      fault={fault}
      onSubmit={submit}
    >
      <AdminCard>
        <Select
          label={t("forms.conversation")}
          description={t("forms.conversation_hint")}
          placeholder={t("forms.none")}
          clearable
          data={forms.filter(({ kind }) => kind === "conversation").map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps("settings.form_id")}
        />
      </AdminCard>
      <AdminCard title={t("forms.visitor")}>
        <p className={classes.hint}>{t("forms.visitor_hint")}</p>
        {visitors.length === 0 ? (
          <p className={classes.hint}>{t("forms.nothing")}</p>
        ) : (
          <ul className={classes.list}>
            {visitors.map(({ id, kind, name }) => (
              <li key={id}>{kind === "conversation" ? name : `${t(`forms.kinds.${kind}`)}: ${name}`}</li>
            ))}
          </ul>
        )}
      </AdminCard>
    </RecordPage>
  );
}
