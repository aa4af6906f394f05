import type { VisitState } from "@aceno/contract";
import { Button } from "@mantine/core";
import { IconBookmark, IconColumns3, IconFilter, IconFold, IconRefresh, IconSearch, IconX } from "@tabler/icons-react";
import { lazy, useRef, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { countryName, formatNumber } from "@/shared/format.ts";
import { Opener } from "@/shared/opener.tsx";
import classes from "./grid.module.css";
import type { GridModel } from "./grid-model.ts";
import { countFilters, type Filters } from "./view-state.ts";

const FilterPanel = lazy(() => import("./filter-panel.tsx").then((module) => ({ default: module.FilterPanel })));
const GroupMenu = lazy(() => import("./group-menu.tsx").then((module) => ({ default: module.GroupMenu })));
const ViewsPanel = lazy(() => import("./views-panel.tsx").then((module) => ({ default: module.ViewsPanel })));
const ColumnPanel = lazy(() => import("./column-panel.tsx").then((module) => ({ default: module.ColumnPanel })));

interface GridToolbarProps {
  model: GridModel;
  filters: Filters;
  onFilters: (filters: Filters) => void;
  selected: number;
  onClearSelection: () => void;
  onMap: () => void;
}

/** States that are worth a chip of their own; the others stand in the column. */
const chips: readonly VisitState[] = ["waiting", "active", "browsing", "idle"];

export function GridToolbar({ model, filters, onFilters, selected, onClearSelection, onMap }: GridToolbarProps) {
  const { t } = useTranslation();
  const desk = useDesk();
  const search = useRef<HTMLInputElement>(null);
  const inUse = countFilters(filters);
  const change = (part: Partial<Filters>) => onFilters({ ...filters, ...part });
  return (
    <div className={classes.tool}>
      <h2 className={classes.title}>{t("grid.title")}</h2>
      <div className={classes.search}>
        <IconSearch size={14} aria-hidden />
        <input
          ref={search}
          type="search"
          value={filters.text}
          onChange={(event) => change({ text: event.currentTarget.value })}
          placeholder={t("grid.search")}
          aria-label={t("grid.search")}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
        />
        {filters.text !== "" && (
          <button
            type="button"
            className={classes.clear}
            aria-label={t("grid.search_clear")}
            onClick={() => {
              change({ text: "" });
              search.current?.focus();
            }}
          >
            <IconX size={13} aria-hidden />
          </button>
        )}
      </div>
      <div className={classes.chips}>
        <StateChips model={model} states={filters.states} onStates={(states) => change({ states })} />
        <FilterChips filters={filters} onChange={change} />
        <NotShown model={model} />
      </div>
      <span className={classes.space} />
      <WaitingChanges model={model} />
      {selected > 0 && (
        <span className={classes.selected}>
          {t("grid.selected", { count: selected })}
          <button
            type="button"
            className={classes.clear}
            aria-label={t("grid.clear_selection")}
            onClick={onClearSelection}
          >
            <IconX size={13} aria-hidden />
          </button>
        </span>
      )}
      <Opener
        button={(props) => (
          <Button
            {...props}
            variant="default"
            className={classes.toolButton}
            leftSection={<IconFilter size={14} />}
            aria-label={inUse > 0 ? t("grid.filters_active", { n: inUse }) : t("grid.filters")}
            aria-haspopup="dialog"
            data-on={inUse > 0 || undefined}
          >
            <span className={classes.wide}>{t("grid.filters")}</span>
            {inUse > 0 && <b className={classes.inUse}>{inUse}</b>}
          </Button>
        )}
      >
        {(close) => <FilterPanel filters={filters} onChange={change} onClose={close} />}
      </Opener>
      <Opener
        button={(props) => (
          <Button
            {...props}
            variant="default"
            className={classes.toolButton}
            leftSection={<IconFold size={14} />}
            aria-label={t("grid.group.title")}
            aria-haspopup="menu"
            data-on={filters.group !== "" || undefined}
          >
            <span className={classes.wide}>{t("grid.group.title")}</span>
          </Button>
        )}
      >
        {(close) => (
          <GroupMenu model={model} group={filters.group} onGroup={(group) => change({ group })} onClose={close} />
        )}
      </Opener>
      <Opener
        button={(props) => (
          <Button
            {...props}
            variant="default"
            className={classes.toolButton}
            leftSection={<IconBookmark size={14} />}
            aria-label={t("grid.views")}
            aria-haspopup="dialog"
          >
            <span className={classes.wide}>{t("grid.views")}</span>
          </Button>
        )}
      >
        {(close) => (
          <ViewsPanel
            filters={filters}
            onFilters={onFilters}
            onMap={() => {
              close();
              onMap();
            }}
            onClose={close}
          />
        )}
      </Opener>
      <Opener
        open={desk.columnsOpen}
        onOpen={desk.setColumnsOpen}
        button={(props) => (
          <Button
            {...props}
            variant="default"
            className={`${classes.toolButton} ${classes.columnsButton}`}
            leftSection={<IconColumns3 size={14} />}
            aria-label={t("grid.columns")}
            aria-haspopup="dialog"
          >
            <span className={classes.wide}>{t("grid.columns")}</span>
          </Button>
        )}
      >
        {(close) => <ColumnPanel onClose={close} />}
      </Opener>
    </div>
  );
}

function StateChips({
  model,
  states,
  onStates,
}: {
  model: GridModel;
  states: VisitState[];
  onStates: (states: VisitState[]) => void;
}) {
  const { t } = useTranslation();
  const { window: figures } = useSyncExternalStore(model.subscribe, model.get);
  const locale = currentLocale();
  const toggle = (state: VisitState) =>
    onStates(states.includes(state) ? states.filter((each) => each !== state) : [...states, state]);
  return (
    <>
      <button type="button" className={classes.chip} aria-pressed={states.length === 0} onClick={() => onStates([])}>
        {t("grid.all")} <b>{formatNumber(figures.all, locale)}</b>
      </button>
      {chips.concat(figures.counts.blocked || states.includes("blocked") ? "blocked" : []).map((state) => (
        <button
          key={state}
          type="button"
          className={classes.chip}
          aria-pressed={states.includes(state)}
          onClick={() => toggle(state)}
        >
          <i className={classes.dot} data-state={state} aria-hidden />
          {t(`grid.states.${state}`)} <b>{formatNumber(figures.counts[state] ?? 0, locale)}</b>
        </button>
      ))}
    </>
  );
}

/** Each filter in use, with its way out. */
function FilterChips({ filters, onChange }: { filters: Filters; onChange: (part: Partial<Filters>) => void }) {
  const { t } = useTranslation();
  const agents = useAccount((state) => state.agents);
  const departments = useAccount((state) => state.departments);
  const sites = useAccount((state) => state.sites);
  const locale = currentLocale();
  const without = <T,>(list: readonly T[], value: T) => list.filter((each) => each !== value);
  const entries = [
    ...filters.site_ids.map((id) => ({
      key: id,
      name: sites[id]?.name ?? "",
      remove: { site_ids: without(filters.site_ids, id) },
    })),
    ...filters.department_ids.map((id) => ({
      key: id,
      name: departments[id]?.name ?? "",
      remove: { department_ids: without(filters.department_ids, id) },
    })),
    ...filters.countries.map((code) => ({
      key: code,
      name: countryName(code, locale),
      remove: { countries: without(filters.countries, code) },
    })),
    ...filters.devices.map((device) => ({
      key: device,
      name: t(`grid.devices.${device}`),
      remove: { devices: without(filters.devices, device) },
    })),
    ...filters.agent_ids.map((id) => ({
      key: id,
      name: agents[id]?.name ?? "",
      remove: { agent_ids: without(filters.agent_ids, id) },
    })),
    ...(filters.min_minutes > 0
      ? [
          {
            key: "time",
            name: t("grid.filter.time_chip", { minutes: filters.min_minutes }),
            remove: { min_minutes: 0 },
          },
        ]
      : []),
    ...(filters.leads ? [{ key: "leads", name: "Leads", remove: { leads: false } }] : []),
  ];
  return entries.map(({ key, name, remove }) => (
    <button
      key={key}
      type="button"
      className={classes.chip}
      data-filter
      aria-label={t("grid.remove_filter", { name })}
      onClick={() => onChange(remove)}
    >
      {name} <IconX size={11} aria-hidden />
    </button>
  ));
}

/** Nobody is hidden in silence (T049): how many are online beyond what the table may hold. */
function NotShown({ model }: { model: GridModel }) {
  const { t } = useTranslation();
  const { notShown } = useSyncExternalStore(model.subscribe, model.get).window;
  if (notShown === 0) return null;
  return (
    <span className={classes.notShown} title={t("grid.not_shown_hint")} data-testid="not-shown">
      {t("grid.not_shown", { formatted: formatNumber(notShown, currentLocale()) })}
    </span>
  );
}

/** The order stands still while the grid is used; this says how much waits and lets it through. */
function WaitingChanges({ model }: { model: GridModel }) {
  const { t } = useTranslation();
  const { waiting } = useSyncExternalStore(model.subscribe, model.get);
  if (waiting === 0) return null;
  return (
    <button
      type="button"
      className={classes.pending}
      title={t("grid.waiting_changes_hint")}
      onClick={() => model.release()}
    >
      <IconRefresh size={13} aria-hidden />
      {t("grid.waiting_changes", { count: waiting })}
    </button>
  );
}
