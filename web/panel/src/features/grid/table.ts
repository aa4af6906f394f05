import type { GridRow } from "@aceno/contract";
import {
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  createColumnHelper,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useMemo } from "react";
import { usePreferences, useServices } from "@/app/services.tsx";
import { allColumns, type ColumnId, columnSpecs, standardColumns } from "./columns.tsx";

const features = tableFeatures({
  columnOrderingFeature,
  columnVisibilityFeature,
  columnSizingFeature,
  columnResizingFeature,
});

const helper = createColumnHelper<typeof features, GridRow>();

/** Sorting, filtering and the rows themselves are the server's; the table keeps columns: which, where, how wide. */
const columns = helper.columns(
  allColumns.map((id) => helper.display({ id, size: columnSpecs.get(id)?.width ?? 120, minSize: 44, maxSize: 900 })),
);

const noRows: GridRow[] = [];

/** Columns chosen by the agent, in order; unknown names (of another version) are left out. */
export function chosenColumns(wish: readonly string[] | null): ColumnId[] {
  const known = (wish ?? standardColumns).filter((id): id is ColumnId => columnSpecs.has(id));
  return known.length > 0 ? known : [...standardColumns];
}

/** The table of columns, its state kept in the agent's preferences. */
export function useColumnTable() {
  const { preferences } = useServices();
  const { grid_columns: wish, grid_widths: widths } = usePreferences();
  const chosen = useMemo(() => chosenColumns(wish), [wish]);
  const state = useMemo(() => {
    const visible = new Set<string>(chosen);
    return {
      columnOrder: [...chosen, ...allColumns.filter((id) => !visible.has(id))] as string[],
      columnVisibility: Object.fromEntries(allColumns.map((id) => [id, visible.has(id)])),
      columnSizing: widths,
    };
  }, [chosen, widths]);
  const table = useTable({
    features,
    columns,
    data: noRows,
    state,
    columnResizeMode: "onChange",
    onColumnSizingChange: (change) => {
      const next = typeof change === "function" ? change(preferences.get().grid_widths) : change;
      preferences.update({ grid_widths: next });
    },
    onColumnOrderChange: (change) => {
      const next = typeof change === "function" ? change(state.columnOrder) : change;
      preferences.update({ grid_columns: next.filter((id) => state.columnVisibility[id]) });
    },
    onColumnVisibilityChange: (change) => {
      const next = typeof change === "function" ? change(state.columnVisibility) : change;
      preferences.update({ grid_columns: state.columnOrder.filter((id) => next[id]) });
    },
  });
  return { table, chosen };
}

export type ColumnTable = ReturnType<typeof useColumnTable>["table"];

/** The tracks of every row: fixed widths, one column that grows, or an empty last track when none does. */
export function trackList(table: ColumnTable): string {
  const widths = table.state.columnSizing;
  let grows = false;
  const tracks = table.getVisibleLeafColumns().map((column) => {
    const growing = columnSpecs.get(column.id)?.grows === true && widths[column.id] === undefined;
    grows ||= growing;
    return growing ? `minmax(${column.getSize()}px, 1fr)` : `${column.getSize()}px`;
  });
  return grows ? tracks.join(" ") : `${tracks.join(" ")} minmax(0, 1fr)`;
}
