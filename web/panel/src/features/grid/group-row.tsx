// biome-ignore-all lint/a11y/useSemanticElements: rows that exist only around the screen cannot stand in a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row (aria-activedescendant)
import type { GridGroup, GridHeading } from "@aceno/contract";
import { IconChevronRight } from "@tabler/icons-react";
import { memo } from "react";
import { Country } from "@/shared/country.tsx";
import { formatNumber } from "@/shared/format.ts";
import type { CellContext } from "./columns.tsx";
import classes from "./grid.module.css";
import { rowId } from "./grid-row.tsx";
import { groupName } from "./grouping.ts";

interface GroupRowProps {
  heading: GridHeading;
  by: GridGroup;
  index: number;
  top: number;
  columns: number;
  active: boolean;
  context: CellContext;
}

/** The heading of a group with its exact count; a click, Enter or the arrows open and fold it (T045). */
export const GroupRow = memo(function GroupRow({ heading, by, index, top, columns, active, context }: GroupRowProps) {
  const { n, key, count, open } = heading;
  const name = groupName(by, heading, context);
  return (
    <div
      role="row"
      id={rowId(n)}
      aria-rowindex={index + 2}
      aria-level={1}
      aria-expanded={open}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
      data-testid="grid-group"
      data-index={index}
      data-active={active || undefined}
      data-group
    >
      <div role="gridcell" aria-colindex={1} aria-colspan={columns} className={classes.groupCell} title={key || name}>
        <IconChevronRight size={14} data-open={open || undefined} aria-hidden />
        {by === "country" && key !== "" ? <Country code={key} named /> : <span className={classes.cut}>{name}</span>}
        <b>{formatNumber(count, context.locale)}</b>
      </div>
    </div>
  );
});
