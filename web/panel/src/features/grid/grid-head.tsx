// biome-ignore-all lint/a11y/useSemanticElements: rows that exist only around the screen cannot stand in a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row (aria-activedescendant)
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { type DragEvent, type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SortWish } from "@/features/preferences/preferences.ts";
import { type ColumnId, columnSpecs } from "./columns.tsx";
import classes from "./grid.module.css";
import type { ColumnTable } from "./table.ts";

interface GridHeadProps {
  table: ColumnTable;
  sort: readonly SortWish[];
  onSort: (column: string, add: boolean) => void;
}

const resizeStep = 12;

/** The column names: click sorts, dragging moves, the edge resizes; the same by keyboard, one tab stop for all. */
export function GridHead({ table, sort, onSort }: GridHeadProps) {
  const { t } = useTranslation();
  const [stop, setStop] = useState(0);
  const [over, setOver] = useState<string | null>(null);
  const dragged = useRef<string | null>(null);
  const row = useRef<HTMLDivElement>(null);
  const headers = table.getHeaderGroups()[0]?.headers ?? [];
  const order = headers.map((header) => header.column.id);

  const focus = (index: number) => {
    setStop(index);
    row.current?.querySelectorAll<HTMLElement>("button")[index]?.focus();
  };
  const moveTo = (column: string, target: number) => {
    const rest = order.filter((id) => id !== column);
    rest.splice(Math.max(0, Math.min(rest.length, target)), 0, column);
    table.setColumnOrder(rest);
  };
  const resize = (column: string, by: number) => {
    const size = table.getColumn(column)?.getSize() ?? 100;
    table.setColumnSizing((widths) => ({ ...widths, [column]: Math.max(44, Math.min(900, size + by)) }));
  };
  const onKey = (event: KeyboardEvent, column: string, index: number) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step !== 0 && event.altKey) {
      moveTo(column, index + step);
      setStop(index + step);
    } else if (step !== 0 && event.shiftKey) {
      resize(column, step * resizeStep);
    } else if (step !== 0) {
      focus(Math.max(0, Math.min(headers.length - 1, index + step)));
    } else if (event.key === "Home" || event.key === "End") {
      focus(event.key === "Home" ? 0 : headers.length - 1);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const onDrop = (event: DragEvent, index: number) => {
    event.preventDefault();
    if (dragged.current !== null) moveTo(dragged.current, index);
    dragged.current = null;
    setOver(null);
  };

  return (
    <div className={classes.head} role="rowgroup">
      <div className={classes.row} role="row" aria-rowindex={1} ref={row}>
        {headers.map((header, index) => {
          const column = header.column.id as ColumnId;
          const wish = sort.find((each) => each.column === column);
          const name = t(`grid.cols.${column}`);
          const sortable = columnSpecs.get(column)?.sort !== null;
          return (
            <div
              key={column}
              role="columnheader"
              aria-colindex={index + 1}
              aria-sort={wish ? (wish.dir === "asc" ? "ascending" : "descending") : sortable ? "none" : undefined}
              className={classes.headCell}
              data-over={over === column || undefined}
              onDragOver={(event) => {
                if (dragged.current === null) return;
                event.preventDefault();
                setOver(column);
              }}
              onDragLeave={() => setOver(null)}
              onDrop={(event) => onDrop(event, index)}
            >
              <button
                type="button"
                className={classes.headButton}
                tabIndex={index === Math.min(stop, headers.length - 1) ? 0 : -1}
                draggable
                title={`${name}\n${t("grid.header_hint")}`}
                onClick={(event) => onSort(column, event.shiftKey)}
                onKeyDown={(event) => onKey(event, column, index)}
                onDragStart={(event) => {
                  dragged.current = column;
                  event.dataTransfer.effectAllowed = "move";
                  event.dataTransfer.setData("text/plain", name);
                }}
                onDragEnd={() => {
                  dragged.current = null;
                  setOver(null);
                }}
              >
                <span className={classes.cut}>{name}</span>
                {wish &&
                  (wish.dir === "asc" ? (
                    <IconArrowUp size={12} aria-hidden />
                  ) : (
                    <IconArrowDown size={12} aria-hidden />
                  ))}
                {wish && sort.length > 1 && <small aria-hidden>{sort.indexOf(wish) + 1}</small>}
              </button>
              <span
                className={classes.edge}
                data-active={header.column.getIsResizing() || undefined}
                onMouseDown={header.getResizeHandler()}
                onTouchStart={header.getResizeHandler()}
                aria-hidden
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}
