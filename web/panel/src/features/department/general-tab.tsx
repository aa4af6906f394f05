import "@/app/i18n/admin/index.ts";
import "@/app/i18n/department/index.ts";
import "@/app/theme/forms.ts";
import type { Department } from "@aceno/contract";
import { NumberInput, Switch, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { usePlace } from "@/features/admin/place.tsx";
import { useRecordForm } from "@/features/admin/record-form.ts";
import { Fields, RecordPage } from "@/features/admin/record-page.tsx";

/** The server's limits. */
const longestName = 60;
const longestDescription = 400;
const longestEmail = 254;
const lastPosition = 1000;

/** What a department is, for its agents and for visitors. */
export function GeneralTab({ department }: { department: Department }) {
  return <DepartmentForm department={department} />;
}

/** The form of a department that is, or of one that is being made. */
export function DepartmentForm({ department }: { department: Department | null }) {
  const { t } = useTranslation("admin");
  const { t: own } = useTranslation("department");
  const { t: common } = useTranslation();
  const { go } = usePlace();
  const { form, saving, fault, submit } = useRecordForm({
    initialValues: {
      name: department?.name ?? "",
      display_name: department?.display_name ?? "",
      description: department?.description ?? "",
      email: department?.email ?? "",
      position: (department?.position ?? "") as number | "",
      active: department?.active ?? true,
      settings: { authenticated_only: department?.settings.authenticated_only ?? false },
    },
    validate: { name: (value) => (value.trim() === "" ? common("common.required") : null) },
    save: ({ active, settings, position, display_name, ...values }) => {
      const body = { ...values, ...(position === "" ? {} : { position }) };
      const shown = display_name.trim() === "" ? values.name : display_name;
      return department === null
        ? api.departments.create({ ...body, display_name: shown })
        : api.departments.update(department.id, { ...body, display_name: shown, active, settings });
    },
    onSaved: (made, values) => {
      if (department === null) go("departments", made.id);
      else form.resetDirty(values);
    },
  });
  return (
    <RecordPage
      page="departments"
      listTitle={t("pages.departments")}
      title={department === null ? t("departments.add") : null}
      saving={saving}
      fault={fault}
      onSubmit={submit}
    >
      <AdminCard>
        <Fields>
          <TextInput
            label={t("departments.name")}
            description={t("departments.name_hint")}
            maxLength={longestName}
            required
            {...form.getInputProps("name")}
          />
          <TextInput
            label={t("departments.display_name")}
            description={t("departments.display_name_hint")}
            maxLength={longestName}
            {...form.getInputProps("display_name")}
          />
        </Fields>
        <Textarea
          size="xs"
          label={t("departments.description")}
          description={t("departments.description_hint")}
          maxLength={longestDescription}
          rows={3}
          {...form.getInputProps("description")}
        />
        <Fields>
          <TextInput
            type="email"
            label={t("departments.email")}
            description={t("departments.email_hint")}
            maxLength={longestEmail}
            {...form.getInputProps("email")}
          />
          <NumberInput
            label={t("departments.position")}
            description={t("departments.position_hint")}
            min={0}
            max={lastPosition}
            allowDecimal={false}
            clampBehavior="strict"
            {...form.getInputProps("position")}
          />
        </Fields>
        {department !== null && (
          <>
            <Switch
              label={t("form.active")}
              description={t("departments.active_hint")}
              {...form.getInputProps("active", { type: "checkbox" })}
            />
            <Switch
              label={own("authenticated_only")}
              description={own("authenticated_only_hint")}
              {...form.getInputProps("settings.authenticated_only", { type: "checkbox" })}
            />
          </>
        )}
      </AdminCard>
    </RecordPage>
  );
}
