import type { GridRow } from "@aceno/contract";
import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { usePermission, usePreferences, useServices } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { LinkState } from "@/app/shell/link-notice.tsx";
import { browserTimers } from "@/shared/browser-timers.ts";
import { formatNumber } from "@/shared/format.ts";
import classes from "./grid.module.css";
import { GridModel } from "./grid-model.ts";
import { GridTable } from "./grid-table.tsx";
import { GridToolbar } from "./grid-toolbar.tsx";
import { nothing, type Selection } from "./selection.ts";
import { type Filters, isFiltered, nextSort, noFilters, shownSort, toView } from "./view-state.ts";

const VisitAside = lazy(() =>
  import("@/features/visit/visit-aside.tsx").then((module) => ({ default: module.VisitAside })),
);

const BlockDialog = lazy(() =>
  import("@/features/blocklist/block-dialog.tsx").then((module) => ({ default: module.BlockDialog })),
);
const VisitorMap = lazy(() => import("./map/visitor-map.tsx").then((module) => ({ default: module.VisitorMap })));

/** Who is on the site now: the first screen and the reason to exist. */
export function VisitorGrid() {
  const services = useServices();
  const { live, preferences } = services;
  const desk = useDesk();
  const { grid_sort: sort, alert_new, alert_return } = usePreferences();
  const [filters, setFilters] = useState<Filters>(noFilters);
  const [text] = useDebouncedValue(filters.text, 200);
  const [map, setMap] = useState(false);
  const [selection, setSelection] = useState<Selection>(nothing);
  const [blocking, setBlocking] = useState<string | null>(null);
  const [model] = useState(() => new GridModel((wish, onFrame) => live.openGrid(wish, onFrame), browserTimers));
  const view = useMemo(() => toView({ ...filters, text }, sort), [filters, text, sort]);
  const card = useRef<HTMLElement>(null);

  useEffect(() => {
    model.setView(view);
    card.current?.querySelector("#visitor-grid")?.scrollTo({ top: 0 });
  }, [model, view]);
  useEffect(() => () => model.dispose(), [model]);
  const alerting = alert_new || alert_return;
  useEffect(() => {
    if (!alerting) return;
    const watching = import("./arrivals.ts").then(({ watchArrivals }) => watchArrivals(services));
    return () => void watching.then((stop) => stop());
  }, [alerting, services]);
  useEffect(
    () =>
      live.onFault(({ ref, problem }) => {
        if (ref.startsWith("grid")) model.refuse(problem.detail);
      }),
    [live, model],
  );

  const onSort = useCallback(
    (column: string, add: boolean) =>
      preferences.update({ grid_sort: nextSort(preferences.get().grid_sort, column, add) }),
    [preferences],
  );
  const closeVisit = useCallback(() => {
    desk.showVisit(null);
    card.current?.querySelector<HTMLElement>("#visitor-grid")?.focus({ preventScroll: true });
  }, [desk]);

  return (
    <section className={classes.grid} ref={card} data-aside={desk.visit !== null || undefined}>
      <GridToolbar
        model={model}
        filters={filters}
        onFilters={setFilters}
        selected={selection.chosen.size}
        onClearSelection={() => setSelection(nothing)}
        onMap={() => setMap(true)}
      />
      {!map && (
        <GridTable
          model={model}
          group={view.group ?? ""}
          sort={shownSort(sort)}
          onSort={onSort}
          selection={selection}
          onSelect={setSelection}
          onDetails={(row) => desk.showVisit(row.id)}
          onBlock={(row) => setBlocking(row.ip)}
          placeholder={
            <Placeholder model={model} filtered={isFiltered(filters)} onClear={() => setFilters(noFilters)} />
          }
        />
      )}
      {map && (
        <Suspense fallback={null}>
          <VisitorMap
            view={view}
            onCountry={(country) => {
              setFilters((present) => ({ ...present, countries: [country] }));
              setMap(false);
            }}
            onClose={() => setMap(false)}
          />
        </Suspense>
      )}
      <Chosen model={model} selection={selection} />
      <Foot model={model} />
      {desk.visit !== null && (
        <Suspense fallback={null}>
          <VisitAside visit={desk.visit} onClose={closeVisit} />
        </Suspense>
      )}
      {blocking !== null && (
        <Suspense fallback={null}>
          <BlockDialog address={blocking} onClose={() => setBlocking(null)} />
        </Suspense>
      )}
    </section>
  );
}

/** Tells the desk whom the selection means, as last seen: what is sent to them goes by visit, and rows leave the window. */
function Chosen({ model, selection }: { model: GridModel; selection: Selection }) {
  const { choose } = useDesk();
  const { window } = useSyncExternalStore(model.subscribe, model.get);
  const seen = useRef(new Map<number, GridRow>());
  useEffect(() => {
    const known = new Map<number, GridRow>();
    for (const n of selection.chosen) {
      const row = window.rows.get(n) ?? seen.current.get(n);
      if (row) known.set(n, row);
    }
    const before = [...seen.current.values()];
    const now = [...known.values()];
    seen.current = known;
    if (now.length !== before.length || now.some((row, i) => row !== before[i])) choose(now);
  }, [window, selection, choose]);
  return null;
}

function Placeholder({ model, filtered, onClear }: { model: GridModel; filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayInstall = usePermission("site.manage");
  const shown = useSyncExternalStore(model.subscribe, model.get);
  if (shown.fault !== null) {
    return (
      <div className={classes.placeholder} role="alert">
        <b>{t("grid.failed")}</b>
        <span>{shown.fault}</span>
        <Button variant="default" onClick={() => model.retry()}>
          {t("common.retry")}
        </Button>
      </div>
    );
  }
  if (!shown.loaded) {
    return (
      <div className={classes.placeholder} role="status">
        {t("grid.loading")}
      </div>
    );
  }
  if (shown.length > 0) return null;
  if (filtered) {
    return (
      <div className={classes.placeholder} role="status">
        <b>{t("grid.no_match_title")}</b>
        <span>{t("grid.no_match_text", { formatted: formatNumber(shown.window.all, currentLocale()) })}</span>
        <Button variant="default" onClick={onClear}>
          {t("grid.clear_filters")}
        </Button>
      </div>
    );
  }
  return (
    <div className={classes.placeholder} role="status">
      <b>{t("grid.empty_title")}</b>
      <span>{t("grid.empty_text")}</span>
      {mayInstall && (
        <Button
          variant="default"
          onClick={() => void navigate({ to: "/admin/{-$page}/{-$item}/{-$tab}", params: { page: "start" } })}
        >
          {t("grid.empty_install")}
        </Button>
      )}
    </div>
  );
}

/** Exact totals over everybody, and how the connection stands. */
function Foot({ model }: { model: GridModel }) {
  const { t } = useTranslation();
  const { window: figures } = useSyncExternalStore(model.subscribe, model.get);
  const locale = currentLocale();
  const show = (value: number) => formatNumber(value, locale);
  const parts = [
    ...(figures.groupCount === null ? [] : [t("grid.groups", { formatted: show(figures.groupCount) })]),
    figures.total === figures.all
      ? t("grid.total", { count: figures.all, formatted: show(figures.all) })
      : t("grid.matching", { total: show(figures.total), all: show(figures.all) }),
    t("grid.idle", { formatted: show(figures.idle) }),
    ...(figures.bots > 0 ? [t("grid.bots", { formatted: show(figures.bots) })] : []),
  ];
  return (
    <footer className={classes.foot}>
      <span data-testid="grid-totals">{parts.join(" · ")}</span>
      <span className={classes.space} />
      <LinkState />
    </footer>
  );
}
