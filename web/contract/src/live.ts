/** The frames of the agent's socket, docs/protocols.md section 4. */
import type { Agent, AgentStatus, Conversation, Counters, Department, Message, Site } from "./types.ts";
import type { ProblemBody } from "./problem.ts";

export type VisitState = "browsing" | "idle" | "waiting" | "active" | "ended" | "left";
export type ReferrerKind = "search" | "social" | "campaign" | "site" | "direct";
export type Device = "desktop" | "phone" | "tablet";

export interface GridRow {
  /** The visitor's number: the row's id. */
  n: number;
  /** The visit. */
  id: string;
  visitor_id: string;
  state: VisitState;
  name: string;
  email: string;
  ip: string;
  country: string;
  region: string;
  city: string;
  page_url: string;
  page_title: string;
  entry_url: string;
  entry_title: string;
  referrer: string;
  referrer_kind: ReferrerKind;
  referrer_name: string;
  utm_source: string;
  utm_medium: string;
  utm_campaign: string;
  started_at: number;
  page_at: number;
  activity_at: number;
  pages: number;
  visits: number;
  conversations: number;
  browser: string;
  system: string;
  device: Device;
  language: string;
  time_zone: string;
  screen: string;
  site_id: string;
  department_id: string | null;
  agent_id: string | null;
  conversation_id: string | null;
  waiting_since: number | null;
  identified: boolean;
  hidden: boolean;
  fields: Record<string, unknown>;
}

/** Names a grid may be sorted by: the fields of a row. */
export type GridColumn = Exclude<keyof GridRow, "id" | "visitor_id" | "fields">;

export interface GridView {
  /** At most three. */
  sort: { by: GridColumn; dir: "asc" | "desc" }[];
  /** At most 200 characters. */
  text: string;
  states: VisitState[];
  site_ids: string[];
  department_ids: string[];
  countries: string[];
  devices: Device[];
  agent_ids: string[];
  min_seconds_on_site: number;
}

export interface PageView {
  url: string;
  title: string;
  at: number;
  left_at: number | null;
}

export interface VisitDetail extends GridRow {
  /** Newest first, at most 50. */
  trail: PageView[];
}

/** A durable event; `position` strictly increases and each is applied once. */
export type LiveEvent = { t: "event"; position: number; at: number } & (
  | {
      kind:
        | "conversation.queued"
        | "conversation.claimed"
        | "conversation.returned"
        | "conversation.ended"
        | "conversation.abandoned"
        | "conversation.closed";
      payload: { conversation: Conversation };
    }
  | {
      kind: "conversation.message" | "conversation.internal";
      payload: { conversation_id: string; message: Message; conversation: Conversation };
    }
  | {
      kind: "conversation.seen";
      payload: { conversation_id: string; by: "agent" | "visitor"; sequence: number };
    }
  | { kind: "agent.status_changed"; payload: { agent_id: string; status: AgentStatus } }
  | { kind: "agent.saved"; payload: { agent: Agent } }
  | { kind: "department.saved"; payload: { department: Department } }
  | { kind: "site.saved"; payload: { site: Site } }
  | { kind: "agent.preferences_changed"; payload: { agent_id: string; preferences: Record<string, unknown> } }
);

/** What changed in one grid window since its last frame. At most four a second. */
export interface GridFrame {
  t: "grid";
  id: number;
  offset: number;
  /** Rows of the view. */
  total: number;
  /** Everybody. */
  all: number;
  counts: Partial<Record<VisitState, number>>;
  bots: number;
  /** Away from the page, in whatever state. */
  idle: number;
  /** Online, but came when the account had as many visits as it may show. */
  not_shown?: number;
  /** Row numbers of the window, only when they changed. */
  order?: number[];
  /** Complete rows the client does not hold. */
  rows?: GridRow[];
  /** Changed fields of rows it does. */
  patch?: (Partial<GridRow> & { n: number })[];
}

export interface AgentPresence {
  id: string;
  status: AgentStatus;
  present: boolean;
  awake: boolean;
  sound: boolean;
}

export type LiveServerFrame =
  | { t: "ready"; position: number; now: number }
  | { t: "reload" }
  | LiveEvent
  | { t: "position"; position: number }
  | { t: "counters"; counters: Counters }
  | { t: "agents"; agents: AgentPresence[] }
  | { t: "departments"; departments: { id: string; online: boolean }[] }
  | GridFrame
  | { t: "visit"; id: string; gone: boolean; visit: VisitDetail | null }
  | { t: "typing"; conversation: string; on: boolean; text: string }
  | { t: "bye"; code: number; reason: string; retry: number | null }
  | { t: "error"; ref: string; problem: ProblemBody };

export type LiveClientFrame =
  | { t: "start"; position: number | null }
  | { t: "presence"; awake: boolean; sound: boolean }
  | { t: "grid"; id: number; view: GridView; offset: number; length: number }
  | { t: "grid_close"; id: number }
  | { t: "visit"; id: string | null }
  | { t: "typing"; conversation: string; on: boolean }
  | { t: "seen"; conversation: string; sequence: number };

/** Why the server closes an agent's socket, and whether to come back. */
export const closeCodes = {
  restart: 1012,
  protocolError: 4000,
  sessionEnded: 4001,
  tooSlow: 4008,
} as const;
