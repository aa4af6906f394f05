// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: the role is row, given with the shared attributes
// biome-ignore-all lint/a11y/useSemanticElements: rows that exist only around the screen cannot stand in a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row (aria-activedescendant)
import type { GridRow as Row } from "@aceno/contract";
import { type CSSProperties, memo } from "react";
import { useServerNow } from "@/app/services.tsx";
import { Country } from "@/shared/country.tsx";
import { formatElapsed, pathOf } from "@/shared/format.ts";
import { type CellContext, type ColumnId, columnSpecs, StateCell, VisitorName } from "./columns.tsx";
import classes from "./grid.module.css";

interface GridRowProps {
  row: Row | undefined;
  index: number;
  top: number;
  columns: readonly ColumnId[];
  context: CellContext;
  selected: boolean;
  active: boolean;
  gone: boolean;
  card: boolean;
}

/** One visitor. Drawn anew only when something of this row changed; its times tick by themselves. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { row, index, top, columns, context, selected, active, gone, card } = props;
  const style: CSSProperties = { transform: `translateY(${top}px)` };
  const shared = { role: "row", "aria-rowindex": index + 2, className: classes.row, style } as const;
  if (!row) {
    return (
      <div {...shared} data-skeleton aria-hidden>
        <div role="gridcell" className={classes.cell}>
          <span className={classes.bone} />
        </div>
      </div>
    );
  }
  return (
    <div
      {...shared}
      id={rowId(row.n)}
      aria-selected={selected}
      data-testid="grid-row"
      data-n={row.n}
      data-index={index}
      data-state={row.state}
      data-selected={selected || undefined}
      data-active={active || undefined}
      data-gone={gone || undefined}
      data-card={card || undefined}
    >
      {card ? (
        <Card row={row} context={context} />
      ) : (
        columns.map((column, at) => {
          const spec = columnSpecs.get(column);
          return (
            <div
              key={column}
              role="gridcell"
              aria-colindex={at + 1}
              className={classes.cell}
              data-dim={spec?.dim || undefined}
            >
              {spec?.cell(row, context)}
            </div>
          );
        })
      )}
    </div>
  );
});

export function rowId(n: number): string {
  return `visitor-${n}`;
}

/** On a phone a row is two lines. */
function Card({ row, context }: { row: Row; context: CellContext }) {
  return (
    <div role="gridcell" aria-colindex={1} className={classes.card}>
      <span className={classes.cardName}>
        <VisitorName row={row} t={context.t} />
      </span>
      <span className={classes.cardState}>
        <StateCell row={row} t={context.t} />
      </span>
      <span className={classes.cardPage}>
        {row.page_title} <span className={classes.dim}>{pathOf(row.page_url)}</span>
      </span>
      <span className={classes.cardPlace}>
        <Country code={row.country} />
        <OnSite at={row.started_at} />
      </span>
    </div>
  );
}

function OnSite({ at }: { at: number }) {
  return formatElapsed(useServerNow() - at);
}
