import "@/app/i18n/grid/index.ts";
import type { GridGroup, GridHeading } from "@aceno/contract";
import i18next from "i18next";
import { countryName, languageName } from "@/shared/format.ts";
import type { CellContext, ColumnId } from "./columns.tsx";

/** What rows may be grouped by, the most useful first, and the column that names it. */
export const groupColumns: ReadonlyMap<GridGroup, ColumnId> = new Map([
  ["page_url", "page"],
  ["country", "country"],
  ["referrer_name", "origin"],
  ["site_id", "site"],
  ["state", "state"],
  ["department_id", "department"],
  ["agent_id", "agent"],
  ["entry_url", "entry"],
  ["referrer_kind", "referrer_kind"],
  ["utm_source", "utm_source"],
  ["utm_medium", "utm_medium"],
  ["utm_campaign", "utm_campaign"],
  ["region", "region"],
  ["city", "city"],
  ["device", "device"],
  ["browser", "browser"],
  ["system", "system"],
  ["language", "language"],
]);

/** The name of a group as agents read it. */
export function groupName(by: GridGroup, { key }: Pick<GridHeading, "key">, context: CellContext): string {
  if (key === "") return i18next.t("group.empty", { ns: "grid" });
  switch (by) {
    case "country":
      return countryName(key, context.locale);
    case "language":
      return languageName(key, context.locale);
    case "site_id":
      return context.sites[key]?.name ?? key;
    case "department_id":
      return context.departments[key]?.name ?? key;
    case "agent_id":
      return context.agents[key]?.name ?? key;
    case "state":
      return context.t(`grid.states.${key}` as "grid.states.browsing");
    case "device":
      return context.t(`grid.devices.${key}` as "grid.devices.phone");
    case "referrer_kind":
      return context.t(`grid.origins.${key}` as "grid.origins.direct");
    case "page_url":
    case "entry_url":
      return key.replace(/^https?:\/\//, "");
    default:
      return key;
  }
}
