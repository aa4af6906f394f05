import "@/app/i18n/admin/index.ts";
import "@/app/theme/forms.ts";
import type { Department } from "@aceno/contract";
import { Button, NumberInput, Switch, Textarea, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount } from "@/app/services.tsx";
import { AdminCard, AdminPage } from "@/features/admin/admin-page.tsx";
import { PlaceLink, usePlace } from "@/features/admin/place.tsx";
import { useRecordForm } from "@/features/admin/record-form.ts";
import { RecordList, StateMark } from "@/features/admin/record-list.tsx";
import { Fields, RecordPage } from "@/features/admin/record-page.tsx";

/** The server's limits. */
const longestName = 60;
const longestDescription = 400;
const longestEmail = 254;
const lastPosition = 1000;

/** Departments: what visitors choose and queues are of (T181, T182). Never deleted, only switched off. */
export function DepartmentsPage() {
  const { item } = usePlace();
  const departments = useAccount((state) => state.departments);
  if (item === null) return <DepartmentList departments={inOrder(departments)} />;
  const department = item === "new" ? null : departments[item];
  if (department === undefined) return <DepartmentList departments={inOrder(departments)} />;
  return <DepartmentForm key={item} department={department} />;
}

/** As visitors see them. */
export function inOrder(departments: Readonly<Record<string, Department>>): Department[] {
  return Object.values(departments).sort(
    (a, b) => a.position - b.position || a.name.localeCompare(b.name, currentLocale()),
  );
}

function DepartmentList({ departments }: { departments: Department[] }) {
  const { t } = useTranslation("admin");
  const { go } = usePlace();
  const add = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => go("departments", "new")}>
      {t("departments.add")}
    </Button>
  );
  return (
    <AdminPage title={t("pages.departments")} intro={t("departments.intro")} actions={add}>
      <RecordList
        label={t("pages.departments")}
        records={departments}
        keyOf={({ id }) => id}
        quiet={({ active }) => !active}
        empty={t("departments.empty")}
        columns={[
          {
            id: "name",
            label: t("departments.name"),
            cell: ({ id, name }) => (
              <PlaceLink page="departments" item={id}>
                {name}
              </PlaceLink>
            ),
          },
          { id: "display", label: t("departments.display_name"), wide: true, cell: ({ display_name }) => display_name },
          {
            id: "description",
            label: t("departments.description"),
            wide: true,
            cell: ({ description }) => description,
          },
          { id: "position", label: t("departments.position"), number: true, cell: ({ position }) => position },
          {
            id: "state",
            label: t("form.state"),
            cell: ({ active, online }) => (
              <StateMark on={active && online}>
                {active ? t(online ? "departments.attended" : "departments.unattended") : t("form.inactive")}
              </StateMark>
            ),
          },
        ]}
      />
    </AdminPage>
  );
}

function DepartmentForm({ department }: { department: Department | null }) {
  const { t } = useTranslation("admin");
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
    },
    validate: { name: (value) => (value.trim() === "" ? common("common.required") : null) },
    save: ({ active, position, display_name, ...values }) => {
      const body = { ...values, ...(position === "" ? {} : { position }) };
      const shown = display_name.trim() === "" ? values.name : display_name;
      return department === null
        ? api.departments.create({ ...body, display_name: shown })
        : api.departments.update(department.id, { ...body, display_name: shown, active });
    },
    onSaved: () => go("departments"),
  });
  return (
    <RecordPage
      page="departments"
      listTitle={t("pages.departments")}
      title={department?.name ?? t("departments.add")}
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
          <Switch
            label={t("form.active")}
            description={t("departments.active_hint")}
            {...form.getInputProps("active", { type: "checkbox" })}
          />
        )}
      </AdminCard>
    </RecordPage>
  );
}
