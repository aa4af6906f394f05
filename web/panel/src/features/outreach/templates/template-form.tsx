import type { Language, OutreachTemplate } from "@aceno/contract";
import { Button, NumberInput, SegmentedControl, Select, Switch, TextInput } from "@mantine/core";
import { IconCopyPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLanguage } from "@/app/i18n/index.ts";
import { useAccount } from "@/app/services.tsx";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { usePlace } from "@/features/admin/place.tsx";
import { useRecordForm } from "@/features/admin/record-form.ts";
import { Fields, RecordPage } from "@/features/admin/record-page.tsx";
import { ImageField } from "./image-field.tsx";
import { TemplatePreview } from "./template-preview.tsx";
import { TextFields } from "./text-fields.tsx";
import { UsableFields } from "./usable-fields.tsx";
import { limits, startValues, type TemplateKind, toBody } from "./values.ts";

const styles = ["card", "image"] as const;
const positions = ["bottom_right", "bottom_left", "top_right", "top_left", "center"] as const;
const animations = ["slide", "fade", "bounce", "none"] as const;

interface TemplateFormProps {
  kind: TemplateKind;
  /** Null makes a new one. */
  template: OutreachTemplate | null;
  /** What a new one begins like. */
  like: OutreachTemplate | null;
}

/** Makes or changes an invite or a promotion, with what the visitor will see beside it. */
export function TemplateForm({ kind, template, like }: TemplateFormProps) {
  const { t } = useTranslation("templates");
  const { t: admin } = useTranslation("admin");
  const { t: common } = useTranslation();
  const { go } = usePlace();
  const [language, setLanguage] = useState<Language>(currentLanguage());
  const record = useRecordForm({
    initialValues: startValues(kind, template ?? like, template === null),
    validate: { name: (value) => (value.trim() === "" ? common("common.required") : null) },
    save: (values) => {
      const body = toBody(values);
      if (template === null) return api.outreach.createTemplate(body);
      const { kind: _, ...changes } = body;
      return api.outreach.updateTemplate(template.id, changes);
    },
    onSaved: () => go("templates"),
  });
  const { form } = record;
  const { values } = form;
  return (
    <RecordPage
      page="templates"
      listTitle={admin("pages.templates")}
      title={template?.name ?? t(`add_${kind}`)}
      saving={record.saving}
      fault={record.fault}
      onSubmit={record.submit}
      actions={
        template !== null && (
          <Button
            variant="subtle"
            leftSection={<IconCopyPlus size={15} />}
            onClick={() => go("templates", "new", template.id)}
          >
            {t("duplicate")}
          </Button>
        )
      }
      aside={<TemplatePreview values={values} language={language} />}
    >
      <AdminCard>
        <TextInput
          label={t("name")}
          description={t("name_hint")}
          maxLength={limits.name}
          required
          {...form.getInputProps("name")}
        />
        {template !== null && (
          <Switch
            label={admin("form.active")}
            description={t("active_hint")}
            {...form.getInputProps("active", { type: "checkbox" })}
          />
        )}
      </AdminCard>
      <AdminCard title={t("look")}>
        <SegmentedControl
          aria-label={t("style")}
          value={values.style}
          data={styles.map((value) => ({ value, label: t(`styles.${value}`) }))}
          onChange={(value) => form.setFieldValue("style", value as (typeof styles)[number])}
        />
        <ImageField form={form} />
        <LookFields form={form} />
      </AdminCard>
      {values.style === "card" && <TextFields form={form} language={language} onLanguage={setLanguage} />}
      <AdminCard title={t("target")}>
        {kind === "promotion" ? (
          <TextInput
            type="url"
            label={t("link")}
            description={t("link_hint")}
            placeholder="https://"
            maxLength={limits.link}
            spellCheck={false}
            required
            {...form.getInputProps("link")}
          />
        ) : (
          <DepartmentField form={form} />
        )}
      </AdminCard>
      <UsableFields form={form} />
    </RecordPage>
  );
}

export type TemplateFormState = ReturnType<
  typeof useRecordForm<ReturnType<typeof startValues>, OutreachTemplate>
>["form"];

function LookFields({ form }: { form: TemplateFormState }) {
  const { t } = useTranslation("templates");
  return (
    <Fields>
      <Select
        label={t("position")}
        allowDeselect={false}
        data={positions.map((value) => ({ value, label: t(`positions.${value}`) }))}
        {...form.getInputProps("position")}
      />
      <Select
        label={t("animation")}
        description={t("animation_hint")}
        inputWrapperOrder={["label", "input", "description", "error"]}
        allowDeselect={false}
        data={animations.map((value) => ({ value, label: t(`animations.${value}`) }))}
        {...form.getInputProps("animation")}
      />
      <NumberInput
        label={t("seconds")}
        description={t("seconds_hint")}
        inputWrapperOrder={["label", "input", "description", "error"]}
        min={0}
        max={limits.seconds}
        allowDecimal={false}
        clampBehavior="strict"
        {...form.getInputProps("seconds")}
        onChange={(value) => form.setFieldValue("seconds", typeof value === "number" ? value : 0)}
      />
    </Fields>
  );
}

function DepartmentField({ form }: { form: TemplateFormState }) {
  const { t } = useTranslation("templates");
  const departments = useAccount((state) => state.departments);
  return (
    <Select
      label={t("department")}
      description={t("department_hint")}
      allowDeselect={false}
      data={[
        { value: "", label: t("department_any") },
        ...Object.values(departments)
          .filter(({ id, active }) => active || id === form.values.department_id)
          .map(({ id, name }) => ({ value: id, label: name })),
      ]}
      {...form.getInputProps("department_id")}
    />
  );
}
