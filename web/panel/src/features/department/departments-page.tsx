import "@/app/i18n/admin/index.ts";
import "@/app/i18n/department/index.ts";
import type { Department } from "@aceno/contract";
import { Button } from "@mantine/core";
import { IconArrowLeft, IconPlus } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount } from "@/app/services.tsx";
import { AdminPage } from "@/features/admin/admin-page.tsx";
import { PlaceLink, usePlace } from "@/features/admin/place.tsx";
import { RecordList, StateMark } from "@/features/admin/record-list.tsx";
import classes from "./department.module.css";
import { departmentTabs } from "./department-tabs.ts";
import { DepartmentForm } from "./general-tab.tsx";

const tabs = new Map<string, ReturnType<typeof lazy>>(
  departmentTabs.map(({ id, load }) => [id, lazy(async () => ({ default: await load() }))]),
);

/** Departments: what visitors choose and queues are of (T181, T182). Never deleted, only switched off. */
export function DepartmentsPage() {
  const { item } = usePlace();
  const departments = useAccount((state) => state.departments);
  if (item === null) return <DepartmentList departments={inOrder(departments)} />;
  if (item === "new") return <DepartmentForm department={null} />;
  const department = departments[item];
  if (department === undefined) return <DepartmentList departments={inOrder(departments)} />;
  return <OneDepartment key={item} department={department} />;
}

/** As visitors see them. */
export function inOrder(departments: Readonly<Record<string, Department>>): Department[] {
  return Object.values(departments).sort(
    (a, b) => a.position - b.position || a.name.localeCompare(b.name, currentLocale()),
  );
}

function DepartmentList({ departments }: { departments: Department[] }) {
  const { t } = useTranslation("admin");
  const { t: department } = useTranslation("department");
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
            cell: ({ active, open, online }) => (
              <StateMark on={active && online}>
                {!active
                  ? t("form.inactive")
                  : open
                    ? t(online ? "departments.attended" : "departments.unattended")
                    : department("hours.closed")}
              </StateMark>
            ),
          },
        ]}
      />
    </AdminPage>
  );
}

function OneDepartment({ department }: { department: Department }) {
  const { t } = useTranslation("department");
  const { t: admin } = useTranslation("admin");
  const { t: common } = useTranslation();
  const { tab } = usePlace();
  const current = tab !== null && tabs.has(tab) ? tab : "general";
  const Tab = tabs.get(current);
  return (
    <div className={classes.department}>
      <PlaceLink page="departments" className={classes.back}>
        <IconArrowLeft size={14} aria-hidden />
        {admin("pages.departments")}
      </PlaceLink>
      <h2>{department.name}</h2>
      <nav className={classes.tabs} aria-label={department.name}>
        {departmentTabs.map(({ id }) => (
          <PlaceLink
            key={id}
            page="departments"
            item={department.id}
            tab={id}
            className={classes.tab}
            current={id === current}
          >
            {t(`tabs.${id}`)}
          </PlaceLink>
        ))}
      </nav>
      <Suspense fallback={<p role="status">{common("common.loading")}</p>}>
        {Tab && <Tab key={current} department={department} />}
      </Suspense>
    </div>
  );
}
