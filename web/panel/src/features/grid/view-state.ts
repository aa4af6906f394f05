import type { Device, GridGroup, GridView, VisitState } from "@aceno/contract";
import type { SortWish } from "@/features/preferences/preferences.ts";
import { columnSpecs, standardSort } from "./columns.tsx";

/** What the agent filters by at the moment; not remembered, so that nobody stays hidden from one day to the next. */
export interface Filters {
  text: string;
  states: VisitState[];
  site_ids: string[];
  department_ids: string[];
  countries: string[];
  devices: Device[];
  agent_ids: string[];
  min_minutes: number;
  /** Only those whom a rule marked as leads (P01). */
  leads: boolean;
  /** What the rows are grouped by; groups hide nobody. */
  group: GridGroup | "";
}

export const noFilters: Filters = {
  text: "",
  states: [],
  site_ids: [],
  department_ids: [],
  countries: [],
  devices: [],
  agent_ids: [],
  min_minutes: 0,
  leads: false,
  group: "",
};

/** How many kinds of filter are in use, text and states apart: these show by themselves. */
export function countFilters(filters: Filters): number {
  const lists = [filters.site_ids, filters.department_ids, filters.countries, filters.devices, filters.agent_ids];
  return lists.filter((list) => list.length > 0).length + (filters.min_minutes > 0 ? 1 : 0) + (filters.leads ? 1 : 0);
}

export function isFiltered(filters: Filters): boolean {
  return filters.text.trim() !== "" || filters.states.length > 0 || countFilters(filters) > 0;
}

/** The view to ask the server for. */
export function toView(filters: Filters, sort: readonly SortWish[]): GridView {
  const { min_minutes, text, ...lists } = filters;
  return {
    ...lists,
    text: text.trim().slice(0, 200),
    min_seconds_on_site: min_minutes * 60,
    sort: toServerSort(sort),
  };
}

function toServerSort(sort: readonly SortWish[]): GridView["sort"] {
  const wanted = sort.flatMap(({ column, dir }) => {
    const field = columnSpecs.get(column)?.sort;
    if (!field) return [];
    return [{ by: field.by, dir: field.reversed ? opposite(dir) : dir }];
  });
  return wanted.length > 0 ? wanted.slice(0, 3) : [...standardSort];
}

export function opposite(dir: "asc" | "desc"): "asc" | "desc" {
  return dir === "asc" ? "desc" : "asc";
}

/** The order as the headers show it: the standard one goes by state. */
export function shownSort(sort: readonly SortWish[]): readonly SortWish[] {
  return sort.length > 0 ? sort : [{ column: "state", dir: "asc" }];
}

/**
 * The order after a click on a column's header: first its natural direction, then the other, then back to the standard one.
 * With `add` the column joins the order, up to three.
 */
export function nextSort(sort: readonly SortWish[], column: string, add: boolean): SortWish[] {
  const spec = columnSpecs.get(column);
  if (!spec?.sort) return [...sort];
  const natural = spec.largestFirst ? "desc" : "asc";
  const present = shownSort(sort).find((wish) => wish.column === column);
  const dir = present === undefined ? natural : present.dir === natural ? opposite(natural) : null;
  const others = add ? sort.filter((wish) => wish.column !== column) : [];
  if (dir === null) return others;
  if (!add || !sort.some((wish) => wish.column === column)) return [...others, { column, dir }].slice(-3);
  return sort.map((wish) => (wish.column === column ? { column, dir } : wish));
}
