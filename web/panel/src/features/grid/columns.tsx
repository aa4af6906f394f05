import type { Agent, Department, GridColumn, GridRow, Site } from "@aceno/contract";
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import type pt from "@/app/i18n/pt.json";
import { useServerNow } from "@/app/services.tsx";
import { Avatar } from "@/shared/avatar.tsx";
import { Country } from "@/shared/country.tsx";
import { formatElapsed, formatMoment, formatTime, languageName, pathOf } from "@/shared/format.ts";
import classes from "./grid.module.css";

export type ColumnId = keyof typeof pt.grid.cols;

/** What a cell needs beside its row. One object, renewed only when one of these changes. */
export interface CellContext {
  t: TFunction<"panel">;
  locale: string;
  agents: Readonly<Record<string, Agent>>;
  departments: Readonly<Record<string, Department>>;
  sites: Readonly<Record<string, Site>>;
}

export interface ColumnSpec {
  id: ColumnId;
  /** Pixels. */
  width: number;
  /** Takes the room that is left. */
  grows?: boolean;
  /** What the server sorts by. `reversed` where more on the screen means less in the field: a time since. */
  sort: { by: GridColumn; reversed?: boolean } | null;
  /** Sorted from the largest at the first click. */
  largestFirst?: boolean;
  dim?: boolean;
  cell: (row: GridRow, context: CellContext) => ReactNode;
}

/** Visible unless the agent chose otherwise. */
export const standardColumns: readonly ColumnId[] = [
  "state",
  "name",
  "place",
  "page",
  "origin",
  "time_on_site",
  "time_on_page",
  "pages",
  "visits",
  "browser",
  "agent",
];

/** Who waits first, then who talks, then the rest; within each, the longest here first. */
export const standardSort: readonly { by: GridColumn; dir: "asc" | "desc" }[] = [
  { by: "state", dir: "asc" },
  { by: "waiting_since", dir: "asc" },
  { by: "started_at", dir: "asc" },
];

const specs: ColumnSpec[] = [
  { id: "state", width: 148, sort: { by: "state" }, cell: (row, context) => <StateCell row={row} t={context.t} /> },
  { id: "name", width: 150, sort: { by: "name" }, cell: (row, { t }) => <VisitorName row={row} t={t} /> },
  { id: "place", width: 150, sort: { by: "city" }, cell: (row) => <Place row={row} /> },
  {
    id: "page",
    width: 220,
    grows: true,
    sort: { by: "page_title" },
    cell: (row) => page(row.page_title, row.page_url),
  },
  {
    id: "origin",
    width: 126,
    sort: { by: "referrer_name" },
    dim: true,
    cell: (row, { t }) => originText(row, t),
  },
  since("time_on_site", 76, "started_at"),
  since("time_on_page", 80, "page_at"),
  { id: "pages", width: 50, sort: { by: "pages" }, largestFirst: true, cell: (row) => row.pages },
  { id: "visits", width: 58, sort: { by: "visits" }, largestFirst: true, cell: (row) => ordinal(row.visits) },
  { id: "browser", width: 150, sort: { by: "browser" }, dim: true, cell: (row) => joined(row.browser, row.system) },
  { id: "agent", width: 96, sort: { by: "agent_id" }, cell: (row, { agents }) => agentCell(row, agents) },
  plain("email", 180, "email"),
  plain("ip", 118, "ip"),
  {
    id: "country",
    width: 110,
    sort: { by: "country" },
    cell: (row) => <Country code={row.country} named />,
  },
  plain("region", 120, "region"),
  plain("city", 130, "city"),
  plain("page_url", 240, "page_url"),
  { id: "entry", width: 200, sort: { by: "entry_title" }, cell: (row) => page(row.entry_title, row.entry_url) },
  plain("referrer", 200, "referrer"),
  {
    id: "referrer_kind",
    width: 110,
    sort: { by: "referrer_kind" },
    cell: (row, { t }) => t(`grid.origins.${row.referrer_kind}`),
  },
  plain("utm_source", 110, "utm_source"),
  plain("utm_medium", 110, "utm_medium"),
  plain("utm_campaign", 130, "utm_campaign"),
  since("activity", 108, "activity_at"),
  {
    id: "conversations",
    width: 96,
    sort: { by: "conversations" },
    largestFirst: true,
    cell: (row) => row.conversations || "",
  },
  plain("system", 110, "system"),
  { id: "device", width: 100, sort: { by: "device" }, cell: (row, { t }) => t(`grid.devices.${row.device}`) },
  {
    id: "language",
    width: 130,
    sort: { by: "language" },
    cell: (row, { locale }) => languageName(row.language, locale),
  },
  {
    id: "local_time",
    width: 84,
    sort: { by: "time_zone" },
    cell: (row, { locale }) => <LocalTime zone={row.time_zone} locale={locale} />,
  },
  plain("screen", 90, "screen"),
  { id: "site", width: 120, sort: { by: "site_id" }, cell: (row, { sites }) => sites[row.site_id]?.name ?? "" },
  {
    id: "department",
    width: 120,
    sort: { by: "department_id" },
    cell: (row, { departments }) => (row.department_id ? (departments[row.department_id]?.name ?? "") : ""),
  },
  {
    id: "waiting",
    width: 76,
    sort: { by: "waiting_since", reversed: true },
    largestFirst: true,
    cell: (row) => (row.waiting_since === null ? "" : <Since at={row.waiting_since} />),
  },
  { id: "outreach", width: 150, sort: { by: "outreach" }, cell: (row, { t }) => outreachText(row, t) },
  {
    id: "outreach_count",
    width: 80,
    sort: { by: "outreach_count" },
    largestFirst: true,
    cell: (row) => row.outreach_count || "",
  },
  {
    id: "invited_by",
    width: 120,
    sort: { by: "invited_by" },
    cell: (row, { agents }) => (row.invited_by ? (agents[row.invited_by]?.name ?? "") : ""),
  },
  {
    id: "invited_at",
    width: 90,
    sort: { by: "invited_at", reversed: true },
    largestFirst: true,
    cell: (row) => (row.invited_at === null ? "" : <Since at={row.invited_at} />),
  },
  {
    id: "lead",
    width: 90,
    sort: { by: "lead_at", reversed: true },
    largestFirst: true,
    cell: (row) => (row.lead_at === null ? "" : <Since at={row.lead_at} />),
  },
  {
    id: "lead_source",
    width: 126,
    sort: { by: "lead_source" },
    cell: (row, { t }) => leadSource(row, t),
  },
  {
    id: "identified",
    width: 90,
    sort: { by: "identified" },
    largestFirst: true,
    cell: (row, { t }) => (row.identified ? t("common.yes") : ""),
  },
  { id: "verified_id", width: 126, sort: { by: "verified_id" }, cell: (row) => row.verified_id ?? "" },
  { id: "fields", width: 180, sort: null, cell: (row) => fieldsText(row.fields) },
  {
    id: "started",
    width: 84,
    sort: { by: "started_at" },
    cell: (row, { locale }) => (
      <span title={formatMoment(row.started_at, locale)}>{formatTime(row.started_at, locale)}</span>
    ),
  },
];

export const columnSpecs: ReadonlyMap<string, ColumnSpec> = new Map(specs.map((spec) => [spec.id, spec]));
export const allColumns: readonly ColumnId[] = specs.map((spec) => spec.id);

function plain(
  id: ColumnId,
  width: number,
  field:
    | "email"
    | "ip"
    | "region"
    | "city"
    | "page_url"
    | "referrer"
    | "utm_source"
    | "utm_medium"
    | "utm_campaign"
    | "system"
    | "screen",
): ColumnSpec {
  return { id, width, sort: { by: field }, cell: (row) => row[field] };
}

function since(id: ColumnId, width: number, field: "started_at" | "page_at" | "activity_at"): ColumnSpec {
  return {
    id,
    width,
    sort: { by: field, reversed: true },
    largestFirst: true,
    cell: (row) => <Since at={row[field]} />,
  };
}

/** Ticks by itself, once a second with all others. */
function Since({ at }: { at: number }) {
  return formatElapsed(useServerNow() - at);
}

function LocalTime({ zone, locale }: { zone: string; locale: string }) {
  const now = useServerNow();
  return zone ? formatTime(now, locale, zone) : "";
}

/** A dot and a word: colour alone says nothing. */
export function StateCell({ row, t }: { row: GridRow; t: TFunction<"panel"> }) {
  return (
    <span className={classes.state} title={row.hidden ? t("grid.hidden_tab") : undefined}>
      <i className={classes.dot} data-state={row.state} aria-hidden />
      <span>
        {t(`grid.states.${row.state}`)}
        {row.outreach_state !== null && row.state !== "waiting" && row.state !== "active" && (
          <i className={classes.sent} data-state={row.outreach_state} title={outreachText(row, t)}>
            {t(`grid.sent.marks.${row.outreach_state}`)}
          </i>
        )}
        {row.state === "waiting" && row.waiting_since !== null && (
          <>
            {" · "}
            <Since at={row.waiting_since} />
          </>
        )}
        {row.state === "idle" && (
          <>
            {" "}
            <IdleMinutes at={row.activity_at} />
          </>
        )}
      </span>
    </span>
  );
}

/** What was sent last and what became of it: "Convite · visto". */
function outreachText(row: GridRow, t: TFunction<"panel">): string {
  if (row.outreach === null || row.outreach_state === null) return "";
  return `${t(`grid.sent.kinds.${row.outreach}`)} · ${t(`grid.sent.states.${row.outreach_state}`)}`;
}

function IdleMinutes({ at }: { at: number }) {
  const minutes = Math.floor((useServerNow() - at) / 60_000);
  return minutes > 0 ? `${minutes} min` : "";
}

/** Name, else e-mail, else the number (T030). */
export function VisitorName({ row, t }: { row: GridRow; t: TFunction<"panel"> }) {
  const known = row.name || row.email;
  return (
    <>
      {known ? (
        <b className={classes.known}>{known}</b>
      ) : (
        <span className={classes.dim}>{t("grid.visitor_n", { n: row.n })}</span>
      )}
      {row.lead_at !== null && (
        <i className={classes.lead} title={t("grid.lead_title")}>
          Lead
        </i>
      )}
    </>
  );
}

/** Who brought a lead the first time. */
export function leadSource(row: Pick<GridRow, "lead_at" | "lead_source">, t: TFunction<"panel">): string {
  return row.lead_at === null ? "" : row.lead_source || t("grid.origins.direct");
}

function Place({ row }: { row: Pick<GridRow, "country" | "region" | "city"> }) {
  const place = [row.city, row.region].filter(Boolean).join(", ");
  return (
    <span className={classes.place}>
      <Country code={row.country} named={place === ""} />
      {place && <span>{place}</span>}
    </span>
  );
}

function page(title: string, url: string): ReactNode {
  return (
    <span title={url}>
      {title} <span className={classes.dim}>{pathOf(url)}</span>
    </span>
  );
}

function originText(row: GridRow, t: TFunction<"panel">): string {
  const name = row.referrer_name || t(`grid.origins.${row.referrer_kind}`);
  return row.utm_campaign ? `${name} · ${row.utm_campaign}` : name;
}

function agentCell(row: GridRow, agents: CellContext["agents"]): ReactNode {
  const agent = row.agent_id ? agents[row.agent_id] : undefined;
  if (!agent) return "";
  return (
    <span className={classes.agent} title={agent.name}>
      <Avatar name={agent.name} size={20} />
      {agent.name.split(" ")[0]}
    </span>
  );
}

function joined(...parts: string[]): string {
  return parts.filter(Boolean).join(" · ");
}

function ordinal(visits: number): string {
  return visits > 0 ? `${visits}ª` : "";
}

function fieldsText(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(" · ");
}
