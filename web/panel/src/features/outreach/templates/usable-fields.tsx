import { MultiSelect, SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useAccount } from "@/app/services.tsx";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { Fields } from "@/features/admin/record-page.tsx";
import type { TemplateFormState } from "./template-form.tsx";
import classes from "./templates.module.css";

const roles = ["supervisor", "agent"] as const;

/** Which agents may send it; who administers always may. */
export function UsableFields({ form }: { form: TemplateFormState }) {
  const { t } = useTranslation("templates");
  const { t: admin } = useTranslation("admin");
  const departments = useAccount((state) => state.departments);
  const { everybody, roles: chosenRoles, department_ids: chosen } = form.values.usable_by;
  return (
    <AdminCard title={t("who")}>
      <SegmentedControl
        aria-label={t("who")}
        className={classes.left}
        value={everybody ? "everybody" : "some"}
        data={[
          { value: "everybody", label: t("who_everybody") },
          { value: "some", label: t("who_some") },
        ]}
        onChange={(value) => form.setFieldValue("usable_by.everybody", value === "everybody")}
      />
      {!everybody && (
        <>
          <Fields>
            <MultiSelect
              label={t("who_roles")}
              data={roles.map((value) => ({ value, label: admin(`agents.roles.${value}`) }))}
              {...form.getInputProps("usable_by.roles")}
            />
            <MultiSelect
              label={t("who_departments")}
              searchable
              data={Object.values(departments)
                .filter(({ id, active }) => active || chosen.includes(id))
                .map(({ id, name }) => ({ value: id, label: name }))}
              {...form.getInputProps("usable_by.department_ids")}
            />
          </Fields>
          {chosenRoles.length + chosen.length === 0 && <p className={classes.hint}>{t("who_nobody")}</p>}
        </>
      )}
    </AdminCard>
  );
}
