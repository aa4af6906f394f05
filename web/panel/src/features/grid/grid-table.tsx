// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: the role is grid or treegrid, as the rows are grouped or not
// biome-ignore-all lint/a11y/noStaticElementInteractions: the same
// biome-ignore-all lint/a11y/useSemanticElements: rows that exist only around the screen cannot stand in a table element
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row (aria-activedescendant)
import type { GridGroup, GridRow as Row } from "@aceno/contract";
import { useMediaQuery } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  lazy,
  type MouseEvent,
  type ReactNode,
  Suspense,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount, usePreferences } from "@/app/services.tsx";
import type { SortWish } from "@/features/preferences/preferences.ts";
import type { CellContext } from "./columns.tsx";
import classes from "./grid.module.css";
import { GridHead } from "./grid-head.tsx";
import type { GridModel } from "./grid-model.ts";
import { GridRow, rowId } from "./grid-row.tsx";
import type { MenuPlace } from "./row-menu.tsx";
import { nothing, type Selection, selectOne, selectRange, toggle } from "./selection.ts";
import { chosenColumns, trackList, useColumnTable } from "./table.ts";
import { useHold } from "./use-hold.ts";

const GroupRow = lazy(() => import("./group-row.tsx").then((module) => ({ default: module.GroupRow })));
const RowMenu = lazy(() => import("./row-menu.tsx").then((module) => ({ default: module.RowMenu })));

interface GridTableProps {
  model: GridModel;
  group: GridGroup | "";
  sort: readonly SortWish[];
  onSort: (column: string, add: boolean) => void;
  selection: Selection;
  onSelect: (selection: Selection) => void;
  onDetails: (row: Row) => void;
  onBlock: (row: Row) => void;
  /** Shown over the rows' place when there is none. */
  placeholder: ReactNode;
}

const rowHeights = { compact: 29, comfortable: 37, card: 60 } as const;

/** Rows of the whole view on one scroll bar; only those around the screen exist. */
export function GridTable({
  model,
  group,
  sort,
  onSort,
  selection,
  onSelect,
  onDetails,
  onBlock,
  placeholder,
}: GridTableProps) {
  const { t } = useTranslation();
  const shown = useSyncExternalStore(model.subscribe, model.get);
  const { density, grid_columns } = usePreferences();
  const card = useMediaQuery("(max-width: 48em)") ?? false;
  const height = card ? rowHeights.card : rowHeights[density];
  const { table } = useColumnTable();
  const columns = useMemo(() => chosenColumns(grid_columns), [grid_columns]);
  const context = useCellContext();
  const scroller = useRef<HTMLDivElement>(null);
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [active, setActive] = useState<{ index: number; n: number | undefined } | null>(null);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  useHold(model, element, menu !== null);

  const headHeight = card ? 0 : 27;
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 6,
    scrollMargin: 0,
    scrollPaddingStart: headHeight,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height means other places
  useEffect(() => virtual.measure(), [virtual, height]);
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (shown.loaded && !shown.stale) model.setVisible(first, last);
  }, [model, first, last, shown.loaded, shown.stale]);

  const activeIndex = indexOfActive(active, shown);
  const rowAt = (index: number): Row | undefined => {
    const n = model.numberAt(index);
    return n === undefined ? undefined : model.row(n);
  };
  const headingAt = (index: number) => {
    const n = model.numberAt(index);
    return n === undefined ? undefined : model.group(n);
  };
  const go = (index: number, event: { shiftKey: boolean }) => {
    const target = Math.max(0, Math.min(shown.length - 1, index));
    virtual.scrollToIndex(target);
    const n = model.numberAt(target);
    setActive({ index: target, n });
    if (event.shiftKey && n !== undefined) onSelect(selectRange(selection, n, shown.order, false));
  };
  /** Lines that a page key moves by. Asked for only then: to read a height while drawing makes the browser lay the page out at once. */
  const pageLines = () => Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 300) - headHeight) / height) - 1);
  const openMenuAt = (index: number) => {
    const row = rowAt(index);
    const box = row && document.getElementById(rowId(row.n))?.getBoundingClientRect();
    if (row && box) setMenu({ row, x: box.left + 40, y: box.bottom });
  };

  const foldByKey = (key: string): boolean => {
    const heading = activeIndex === null ? undefined : headingAt(activeIndex);
    if (!heading || ![" ", "Enter", heading.open ? "ArrowLeft" : "ArrowRight"].includes(key)) return false;
    model.toggleGroup(heading.n);
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.altKey) return;
    const target = targetOf(event.key, activeIndex, pageLines(), shown.length);
    const row = activeIndex === null ? undefined : rowAt(activeIndex);
    if (foldByKey(event.key)) {
      event.preventDefault();
      return;
    }
    if (target !== null) go(target, event);
    else if (event.key === "Enter" && row) onDetails(row);
    else if (event.key === " " && row) onSelect(toggle(selection, row.n));
    else if (event.key === "Escape" && selection.chosen.size > 0) onSelect(nothing);
    else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) openMenuAt(activeIndex ?? 0);
    else return;
    event.preventDefault();
  };
  const eventRow = (event: MouseEvent): { row: Row; index: number } | null => {
    const line = (event.target as Element).closest<HTMLElement>("[data-index]");
    const index = Number(line?.dataset.index ?? Number.NaN);
    const row = Number.isNaN(index) ? undefined : rowAt(index);
    return row ? { row, index } : null;
  };
  const foldAt = (event: MouseEvent) => {
    const line = (event.target as Element).closest<HTMLElement>("[data-group]");
    const heading = line && headingAt(Number(line.dataset.index));
    if (!heading) return;
    setActive({ index: Number(line.dataset.index), n: heading.n });
    model.toggleGroup(heading.n);
  };
  const onClick = (event: MouseEvent) => {
    const hit = eventRow(event);
    if (!hit) {
      foldAt(event);
      return;
    }
    const { row, index } = hit;
    setActive({ index, n: row.n });
    if (card) onDetails(row);
    else if (event.shiftKey) onSelect(selectRange(selection, row.n, shown.order, event.ctrlKey || event.metaKey));
    else onSelect(event.ctrlKey || event.metaKey ? toggle(selection, row.n) : selectOne(row.n));
  };
  const onContextMenu = (event: MouseEvent) => {
    const hit = eventRow(event);
    if (!hit) return;
    event.preventDefault();
    setActive({ index: hit.index, n: hit.row.n });
    if (!selection.chosen.has(hit.row.n)) onSelect(selectOne(hit.row.n));
    setMenu({ row: hit.row, x: event.clientX, y: event.clientY });
  };

  const activeN = activeIndex === null ? undefined : model.numberAt(activeIndex);
  const activeMounted = activeIndex !== null && activeIndex >= first && activeIndex <= last && activeN !== undefined;
  return (
    <>
      <div
        ref={(node) => {
          scroller.current = node;
          setElement(node);
        }}
        id="visitor-grid"
        role={group ? "treegrid" : "grid"}
        aria-label={t("grid.label")}
        aria-rowcount={shown.length + 1}
        aria-colcount={card ? 1 : columns.length}
        aria-multiselectable
        aria-busy={!shown.loaded || shown.stale}
        aria-activedescendant={activeMounted ? rowId(activeN) : undefined}
        tabIndex={0}
        className={classes.scroller}
        data-stale={shown.stale || undefined}
        data-card={card || undefined}
        style={
          { "--tracks": card ? "minmax(0, 1fr)" : trackList(table), "--row": `${height}px` } as React.CSSProperties
        }
        onKeyDown={onKeyDown}
        onClick={onClick}
        onDoubleClick={(event) => {
          const hit = eventRow(event);
          if (hit) onDetails(hit.row);
        }}
        onContextMenu={onContextMenu}
        onFocus={(event) => {
          if (event.target === event.currentTarget && active === null && shown.length > 0) {
            setActive({ index: 0, n: model.numberAt(0) });
          }
        }}
      >
        {!card && <GridHead table={table} sort={sort} onSort={onSort} />}
        <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const n = model.numberAt(item.index);
            const heading = n === undefined || n > 0 ? undefined : model.group(n);
            if (heading && group) {
              return (
                <Suspense key={n} fallback={null}>
                  <GroupRow
                    heading={heading}
                    by={group}
                    index={item.index}
                    top={item.start}
                    columns={card ? 1 : columns.length}
                    active={item.index === activeIndex}
                    context={context}
                  />
                </Suspense>
              );
            }
            return (
              <GridRow
                key={n ?? `at${item.index}`}
                row={n === undefined ? undefined : model.row(n)}
                index={item.index}
                top={item.start}
                columns={columns}
                context={context}
                selected={n !== undefined && selection.chosen.has(n)}
                active={item.index === activeIndex}
                gone={n !== undefined && model.isGone(n)}
                card={card}
              />
            );
          })}
        </div>
      </div>
      {placeholder}
      {menu && (
        <Suspense fallback={null}>
          <RowMenu
            place={menu}
            selected={selection.chosen.has(menu.row.n)}
            onDetails={onDetails}
            onToggle={() => onSelect(toggle(selection, menu.row.n))}
            onBlock={onBlock}
            onClose={() => {
              setMenu(null);
              scroller.current?.focus({ preventScroll: true });
            }}
          />
        </Suspense>
      )}
    </>
  );
}

/** The line a key leads to; null for keys that do not move. */
function targetOf(key: string, at: number | null, page: number, length: number): number | null {
  const moves: Record<string, number> = {
    ArrowDown: at === null ? 0 : at + 1,
    ArrowUp: (at ?? 0) - 1,
    PageDown: (at ?? 0) + page,
    PageUp: (at ?? 0) - page,
    Home: 0,
    End: length - 1,
  };
  return moves[key] ?? null;
}

/** The active row follows its visitor when the order changes, else stays at its place. */
function indexOfActive(
  active: { index: number; n: number | undefined } | null,
  shown: { order: readonly number[]; offset: number; length: number },
): number | null {
  if (active === null || shown.length === 0) return null;
  const at = active.n === undefined ? -1 : shown.order.indexOf(active.n);
  return at === -1 ? Math.min(active.index, shown.length - 1) : shown.offset + at;
}

function useCellContext(): CellContext {
  const { t } = useTranslation();
  const agents = useAccount((state) => state.agents);
  const departments = useAccount((state) => state.departments);
  const sites = useAccount((state) => state.sites);
  const locale = currentLocale();
  return useMemo(() => ({ t, locale, agents, departments, sites }), [t, locale, agents, departments, sites]);
}
