import type { GridView, SavedView } from "@aceno/contract";
import type { SortWish } from "@/features/preferences/preferences.ts";
import { columnSpecs, standardSort } from "./columns.tsx";
import { type Filters, noFilters, opposite } from "./view-state.ts";

/** What the grid shows after a saved view was chosen. */
export interface Arrangement {
  filters: Filters;
  sort: SortWish[];
  /** `null` leaves the columns as they are. */
  columns: string[] | null;
}

/** The inverse of `toView`. */
export function arrangementOf({ view, columns }: Pick<SavedView, "view" | "columns">): Arrangement {
  const { sort, min_seconds_on_site, ...filters } = view;
  return {
    filters: {
      ...noFilters,
      ...filters,
      group: view.group ?? "",
      leads: view.leads ?? false,
      min_minutes: Math.round(min_seconds_on_site / 60),
    },
    sort: sortOf(sort),
    columns: columns.length > 0 ? columns : null,
  };
}

function sortOf(sort: GridView["sort"]): SortWish[] {
  if (JSON.stringify(sort) === JSON.stringify(standardSort)) return [];
  return sort.flatMap(({ by, dir }) => {
    const spec = [...columnSpecs.values()].find((each) => each.sort?.by === by);
    return spec ? [{ column: spec.id, dir: spec.sort?.reversed ? opposite(dir) : dir }] : [];
  });
}

/** Fields of an export for the columns on the screen: a column may show more than one. */
export function exportFields(columns: readonly string[]): string[] {
  const more: Record<string, string[]> = {
    place: ["country", "region", "city"],
    page: ["page_title", "page_url"],
    entry: ["entry_title", "entry_url"],
    origin: ["referrer_name", "utm_campaign"],
    browser: ["browser", "system"],
    fields: ["fields"],
    name: ["n", "name", "email"],
  };
  return [
    ...new Set(
      columns.flatMap((id) => {
        const by = columnSpecs.get(id)?.sort?.by;
        return more[id] ?? (by ? [by] : []);
      }),
    ),
  ];
}
