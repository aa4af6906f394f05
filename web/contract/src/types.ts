/**
 * The shapes of the agent's API, named as in docs/protocols.md section 2.
 * Times are integer milliseconds UTC, identifiers UUIDv7 text, a missing value is `null`.
 */

/** What an agent wishes to be; whether it counts also needs a live connection (`Agent.present`). */
export type AgentStatus = "online" | "busy" | "offline";
export type Role = "administrator" | "supervisor" | "agent";
export type RoutingMethod = "manual" | "roulette" | "both";
/** Languages the product speaks. */
export type Language = "pt" | "en" | "es";

export interface Account {
  id: string;
  name: string;
  time_zone: string;
  language: string;
}

export interface Agent {
  id: string;
  login: string;
  name: string;
  email: string;
  role: Role;
  active: boolean;
  status: AgentStatus;
  /** Wish and live connection together. */
  present: boolean;
  department_ids: string[];
  method: RoutingMethod;
  conversation_limit: number;
  active_conversations: number;
  last_access_at: number | null;
  /** First connection of today, in the account's time zone. */
  first_connection_at: number | null;
}

export interface Me {
  agent: Agent;
  account: Account;
  permissions: string[];
  supervises_all: boolean;
  /** Any JSON object up to 16 KB; the panel owns its meaning. */
  preferences: Record<string, unknown>;
}

export interface Department {
  id: string;
  name: string;
  display_name: string;
  description: string;
  position: number;
  active: boolean;
  /** Somebody able is present. */
  online: boolean;
}

export interface Site {
  id: string;
  name: string;
  key: string;
  allowed_domains: string[];
  language: string;
  active: boolean;
  /** HTML to paste into the customer's pages. */
  install_code: string;
}

export interface Limits {
  /** Characters of one message. */
  text: number;
  file_bytes: number;
  /** Content types the server accepts. */
  file_types: string[];
}

/** The information bar, within what the agent may see; finished and abandoned since midnight of the account. */
export interface Counters {
  browsing: number;
  waiting: number;
  waiting_since: number | null;
  active: number;
  finished: number;
  abandoned: number;
}

export interface QueueDepartment {
  department_id: string;
  waiting: number;
  longest_since: number | null;
  active: number;
}

export interface QueueAgent {
  agent_id: string;
  active: number;
  limit: number;
  present: boolean;
  status: AgentStatus;
}

export interface QueueEntry {
  conversation_id: string;
  number: number;
  visitor_name: string;
  department_id: string;
  queue_entered_at: number;
}

export interface QueueStatus {
  departments: QueueDepartment[];
  agents: QueueAgent[];
  waiting: QueueEntry[];
  next: { conversation_id: string } | null;
}

export type ConversationState = "waiting" | "active" | "ended" | "abandoned";
export type AuthorKind = "visitor" | "agent" | "system";

export interface ConversationVisitor {
  name: string;
  email: string;
  fields: Record<string, unknown>;
  ip: string;
  country: string;
  region: string;
  city: string;
  browser: string;
  system: string;
  device: string;
  language: string;
  page_url: string;
  page_title: string;
  referrer: string;
}

export interface Conversation {
  id: string;
  number: number;
  site_id: string;
  department_id: string;
  visitor_id: string;
  visit_id: string;
  state: ConversationState;
  agent_id: string | null;
  visitor: ConversationVisitor;
  queue_entered_at: number;
  joined_at: number | null;
  ended_at: number | null;
  ended_by: "agent" | "visitor" | "system" | null;
  end_reason: string | null;
  closed: boolean;
  last_sequence: number;
  last_visitor_sequence: number;
  version: number;
  /** In visitor sequence. */
  agent_seen_sequence: number;
  /** In visitor sequence. */
  visitor_seen_sequence: number;
  last_message: { text: string; author_kind: AuthorKind; at: number } | null;
  /** Since when the visitor has been waiting for an answer. */
  unanswered_since: number | null;
}

export type Audience = "visitor" | "agents";
/** Keys of system messages; each client writes them in its reader's language. */
export type SystemKey = "queued" | "joined" | "ended" | "returned" | "abandoned";

export interface MessageFile {
  id: string;
  name: string;
  content_type: string;
  size: number;
  url: string;
}

export interface Message {
  id: string;
  conversation_id: string;
  /** Counts every message of a conversation from 1 without gaps. */
  sequence: number;
  /** Counts only those the visitor may see; `null` on internal ones. */
  visitor_sequence: number | null;
  client_id: string;
  kind: "text" | "file" | "system";
  author: { kind: AuthorKind; id: string | null; name: string };
  audience: Audience;
  text: string;
  file: MessageFile | null;
  system: { key: string; params: Record<string, unknown> } | null;
  at: number;
}

export interface MessagePage {
  messages: Message[];
  /** There are more in the direction asked. */
  more: boolean;
}

export interface Snapshot {
  /** Every event after this position is missing from the snapshot. */
  position: number;
  me: Me;
  agents: Agent[];
  departments: Department[];
  sites: Site[];
  /** Mine: active, and ended but not closed. */
  conversations: Conversation[];
  counters: Counters;
  queue: QueueStatus;
  now: number;
  limits: Limits;
}

export interface SetupRequest {
  token: string;
  account_name: string;
  name: string;
  login: string;
  email: string;
  password: string;
  time_zone: string;
  language: string;
  domain: string;
}

export interface NewMessage {
  client_id: string;
  text: string;
  audience: Audience;
}
