import type { Department } from "@aceno/contract";
import type { ComponentType } from "react";

export interface DepartmentTabSpec {
  /** The last part of its address, /admin/departments/<department>/<id>, and its name in the words: `tabs.<id>`. */
  id: string;
  load: () => Promise<ComponentType<{ department: Department }>>;
}

/** What can be set of one department, one entry each. Each saves what it changes by itself. */
const everyTab = [
  { id: "general", load: () => import("./general-tab.tsx").then((module) => module.GeneralTab) },
  { id: "hours", load: () => import("./hours-tab.tsx").then((module) => module.HoursTab) },
  { id: "routing", load: () => import("./routing-tab.tsx").then((module) => module.RoutingTab) },
  { id: "service", load: () => import("./service-tab.tsx").then((module) => module.ServiceTab) },
  { id: "forms", load: () => import("./forms-tab.tsx").then((module) => module.FormsTab) },
] as const satisfies readonly DepartmentTabSpec[];

export type DepartmentTabId = (typeof everyTab)[number]["id"];
export const departmentTabs: readonly (DepartmentTabSpec & { id: DepartmentTabId })[] = everyTab;
