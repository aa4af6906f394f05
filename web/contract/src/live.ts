/** The frames of the agent's socket, docs/protocols.md section 4, from the same document as the HTTP API. */

import type { ProblemBody } from "./problem.ts";
import type { components } from "./schema.d.ts";
import type {
  Account,
  Agent,
  AgentStatus,
  Breach,
  ContactRequest,
  Conversation,
  Delivery,
  Department,
  Form,
  Integration,
  Message,
  Offer,
  OfferMade,
  OutreachTemplate,
  QuickReply,
  Site,
  TeamMessage,
  Transfer,
} from "./types.ts";

type Schemas = components["schemas"];

export type GridRow = Omit<Schemas["Row"], "fields"> & { fields: Record<string, unknown> };
export type VisitState = GridRow["state"];
export type ReferrerKind = GridRow["referrer_kind"];
export type Device = GridRow["device"];

/** Names a grid may be sorted by: the fields of a row. */
export type GridColumn = Exclude<keyof GridRow, "id" | "visitor_id" | "fields">;

/** Columns by which rows may be grouped. */
export type GridGroup =
  | "state"
  | "country"
  | "region"
  | "city"
  | "page_url"
  | "entry_url"
  | "referrer_kind"
  | "referrer_name"
  | "utm_source"
  | "utm_medium"
  | "utm_campaign"
  | "browser"
  | "system"
  | "device"
  | "language"
  | "site_id"
  | "department_id"
  | "agent_id";

/** Which groups show their rows: all or none, and the exceptions by number, at most 300. */
export type GridFolding = Schemas["Folding"];

/** The heading of a group; its number is below 0. */
export type GridHeading = Schemas["Group"];

export type GridView = Omit<Schemas["View"], "sort" | "states" | "devices" | "group"> & {
  group?: GridGroup | "";
  /** At most three. */
  sort: { by: GridColumn; dir: "asc" | "desc" }[];
  states: VisitState[];
  devices: Device[];
};

export type PageView = Schemas["TrailPage"];

/** A row with its page trail, newest first, at most 50. */
export type VisitDetail = GridRow & { trail: PageView[] };

type ConversationLife =
  | "conversation.queued"
  | "conversation.claimed"
  | "conversation.ended"
  | "conversation.abandoned"
  | "conversation.waited"
  | "conversation.rated"
  | "conversation.closed"
  | "conversation.participants"
  | "conversation.corrected";

/** What a message moves in its conversation. */
export type Progress = Pick<
  Conversation,
  | "department_id"
  | "agent_id"
  | "version"
  | "last_sequence"
  | "last_visitor_sequence"
  | "last_message"
  | "unanswered_since"
>;

/** Which room of the team chat: a department's, or that of two agents. */
export interface TeamParties {
  department_id: string | null;
  agent_ids: string[];
}

/** A durable event; `position` strictly increases and each is applied once. */
export type LiveEvent = { t: "event"; position: number; at: number } & (
  | { kind: Extract<keyof Schemas["LiveEvents"], ConversationLife>; payload: { conversation: Conversation } }
  | {
      kind: "conversation.transferred";
      payload: { conversation: Conversation } & Pick<
        Schemas["TransferredEvent"],
        "former_agent_id" | "former_department_id" | "by_agent_id"
      >;
    }
  | { kind: "conversation.noted"; payload: { conversation: Conversation; reminder: boolean } }
  | { kind: "conversation.breached"; payload: Breach }
  | { kind: "conversation.transfer"; payload: { transfer: Transfer } }
  | {
      kind: "conversation.returned";
      payload: { conversation: Conversation } & Pick<Schemas["ReturnedEvent"], "former_agent_id" | "reason">;
    }
  | {
      kind: Extract<keyof Schemas["LiveEvents"], "conversation.message" | "conversation.internal">;
      payload: { conversation_id: string; message: Message; conversation: Progress };
    }
  | {
      kind: Extract<keyof Schemas["LiveEvents"], "conversation.message_changed" | "conversation.internal_changed">;
      payload: { conversation_id: string; message: Message; conversation: Progress };
    }
  | { kind: "conversation.seen"; payload: Pick<Schemas["SeenEvent"], "conversation_id" | "by" | "sequence"> }
  | {
      kind: Extract<keyof Schemas["LiveEvents"], "supervision.watch_began" | "supervision.watch_ended">;
      payload: { agent_id: string; conversation_id: string };
    }
  | { kind: "offer.made"; payload: OfferMade }
  | { kind: "offer.changed"; payload: { offer: Offer } }
  | { kind: "agent.status_changed"; payload: { agent_id: string; status: AgentStatus } }
  | { kind: "agent.saved"; payload: { agent: Agent } }
  | { kind: "department.saved"; payload: { department: Department } }
  | { kind: "site.saved"; payload: { site: Site } }
  | { kind: "integration.saved"; payload: { integration: Integration } }
  | { kind: "integration.removed"; payload: { id: string } }
  | { kind: "quickreply.saved"; payload: { reply: QuickReply } }
  | { kind: "quickreply.removed"; payload: { id: string } }
  | { kind: "contact.saved"; payload: { contact: ContactRequest } }
  | { kind: "conversation.form_answered"; payload: Schemas["FormAnsweredEvent"] }
  | { kind: "form.saved"; payload: { form: Form } }
  | { kind: "form.removed"; payload: { form_id: string } }
  | { kind: "note.changed"; payload: { note_id: string; visitor_id: string } }
  | { kind: "block.saved"; payload: { block: Schemas["Block"] } }
  | { kind: "outreach.changed"; payload: { delivery: Delivery } }
  | { kind: "outreach.template_saved"; payload: { template: OutreachTemplate } }
  | { kind: "outreach.settings_saved"; payload: Schemas["SettingsSaved"] }
  | { kind: "team.message"; payload: TeamParties & { message: TeamMessage } }
  | { kind: "team.read"; payload: TeamParties & { agent_id: string; sequence: number } }
  | { kind: "grid.views_changed"; payload: { id: string; agent_id: string; shared: boolean } }
  | { kind: "lead.marked"; payload: { lead: Schemas["Lead"] } }
  | { kind: "lead.removed"; payload: { id: string; visitor_id: string } }
  | { kind: "block.removed"; payload: { id: string } }
  | { kind: "account.saved"; payload: { account: Account } }
  | { kind: "agent.session_ended"; payload: Schemas["SessionEnded"] }
  | { kind: "agent.preferences_changed"; payload: { agent_id: string; preferences: Record<string, unknown> } }
);

/** What changed in one grid window since its last frame. At most five a second. */
export type GridFrame = Omit<Schemas["Frame"], "counts" | "rows" | "patch"> & {
  counts: Partial<Record<VisitState, number>>;
  /** Complete rows the client does not hold. */
  rows?: GridRow[];
  /** Changed fields of rows it does. */
  patch?: (Partial<GridRow> & { n: number })[];
};

export type AgentPresence = Schemas["AgentState"];

export type LiveServerFrame =
  | { t: "ready"; position: number; now: number }
  | { t: "reload" }
  | LiveEvent
  | { t: "position"; position: number }
  | Schemas["CountersFrame"]
  | Schemas["PresenceFrame"]
  | Schemas["DepartmentsFrame"]
  | Schemas["QueueFrame"]
  | GridFrame
  | (Omit<Schemas["VisitFrame"], "visit"> & { visit: VisitDetail | null })
  | Schemas["TypingFrame"]
  | { t: "bye"; code: number; reason: string; retry: number | null }
  | (Omit<Schemas["ErrorFrame"], "problem"> & { problem: ProblemBody });

export type LiveClientFrame =
  | { t: "start"; position: number | null }
  | ({ t: "presence" } & Schemas["PresenceIn"])
  | ({ t: "grid" } & Omit<Schemas["GridIn"], "view"> & { view: GridView })
  | ({ t: "grid_close" } & Schemas["GridCloseIn"])
  | ({ t: "visit" } & Schemas["VisitIn"])
  | ({ t: "typing" } & Schemas["TypingIn"])
  | ({ t: "seen" } & Schemas["SeenIn"]);

/** Why the server closes an agent's socket, and whether to come back. */
export const closeCodes = {
  restart: 1012,
  protocolError: 4000,
  sessionEnded: 4001,
  tooSlow: 4008,
} as const;
