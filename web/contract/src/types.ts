/**
 * The shapes of the agent's API under the names the panel uses. They are generated from the server's own types
 * (`make generate` writes schema.d.ts from api/openapi.json); this file only names them.
 * Times are integer milliseconds UTC, identifiers UUIDv7 text, a missing value is `null`.
 */

import type { GridView } from "./live.ts";
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];
/** OpenAPI 3.1 as the server writes it does not say that a reference may be null; these may. */
type OrNull<T, K extends keyof T> = Omit<T, K> & { [P in K]: T[P] | null };

/** Languages the product speaks. */
export type Language = Schemas["Account"]["language"];
export type Account = Schemas["Account"];
export type Agent = Schemas["Agent"];
/** What an agent wishes to be; whether it counts also needs a live connection (`Agent.present`). */
export type AgentStatus = Agent["status"];
export type Role = Agent["role"];
export type RoutingMethod = Agent["method"];
/** `preferences` is any JSON object up to 16 KB; the panel owns its meaning. */
export type Me = Omit<Schemas["Me"], "preferences" | "permissions" | "returned"> & {
  preferences: Record<string, unknown>;
  permissions: string[];
  returned: Schemas["Me"]["returned"] | null;
};
export type Department = Schemas["Department"];
export type DepartmentSettings = Department["settings"];
export type Site = Schemas["Site"];
export type Limits = Schemas["Limits"];
/** The information bar, within what the agent may see; finished and abandoned since midnight of the account. */
export type Counters = Schemas["Counters"];
export type QueueDepartment = Schemas["DepartmentStatus"];
export type QueueAgent = Schemas["AgentStatus"];
export type QueueEntry = Schemas["WaitingStatus"];
export type QueueStatus = OrNull<Schemas["QueueStatus"], "next">;
/** A promised time that was missed. */
export type Breach = Schemas["BreachedEvent"];
/** How long somebody at a place in a queue may still wait; about seven of ten waits end between the two. */
export type WaitEstimate = Schemas["Estimate"];
/** Why the roulette picked an agent or passed over one. */
export type RouletteReason = Schemas["AgentReason"]["reason"];
/** Why a conversation went to whom it went: everything that was seen, and the reason for each agent and conversation. */
export type RoutingDecision = Schemas["DecisionRecord"];
export type RoutingReason = Schemas["ConversationReason"]["reason"];
/** A conversation that the roulette holds out to one agent, with what the panel shows of it. */
export type OfferMade = Schemas["OfferMade"];
export type Offer = OfferMade["offer"];
export type ConversationVisitor = Schemas["Details"];
export type VisitorCorrection = Schemas["PutConversationsVisitorRequest"];
export type Conversation = OrNull<Schemas["Conversation"], "last_message">;
/** An agent who takes part in a conversation beside the one in charge. */
export type Participant = Schemas["Participant"];
/** A conversation offered to another agent. */
export type Transfer = Schemas["Transfer"];
export type TransferTarget = Schemas["Target"];
export type ConversationState = Conversation["state"];
export type MessageFile = Schemas["Attachment"];
export type Message = OrNull<Schemas["Message"], "file" | "system">;
export type Reaction = Schemas["Reaction"];
/** What a message said before it was changed. */
export type Revision = OrNull<Schemas["Revision"], "file">;
/** A transcript as it would be sent. */
export type TranscriptPreview = Schemas["Preview"];
/** A prepared text; `agent_id` is null for one of the account's. */
export type QuickReply = Schemas["Reply"];
export type NewQuickReply = Schemas["PostQuickRepliesRequest"];
export type QuickReplyChanges = Schemas["PutQuickRepliesRequest"];
/** A page of the account's own that is framed beside conversations. */
export type Integration = Schemas["Integration"];
export type NewIntegration = Schemas["PostIntegrationsRequest"];
export type IntegrationChanges = Schemas["PutIntegrationsRequest"];
/** Such a page with the signed context of one conversation in its address, for one loading. */
export type IntegrationFrame = Schemas["FramedPage"];
export type AuthorKind = Schemas["Author"]["kind"];
export type Audience = Message["audience"];
/** Keys of system messages; each client writes them in its reader's language. */
export type SystemKey = Schemas["System"]["key"];

export interface MessagePage {
  messages: Message[];
  /** There are more in the direction asked. */
  more: boolean;
  /** Earlier messages that were changed after sending, as they are now. */
  changed?: Message[] | null;
}

/** Everything a panel begins with; every event after `position` is missing from it. */
export type Snapshot = Omit<Schemas["Snapshot"], "conversations" | "queue" | "me"> & {
  conversations: Conversation[];
  queue: QueueStatus;
  me: Me;
};

/** An invite or a promotion that an administrator prepared. */
export type OutreachTemplate = OrNull<Schemas["Template"], "image">;
/** One sending to one visitor, and how far it has come. */
export type Delivery = Schemas["Delivery"];
export type DeliveryKind = Delivery["kind"];
export type DeliveryState = Delivery["state"];
/** A picture in place of a site's call. */
export type SiteImage = Schemas["CallImage"];
export type OutreachImage = NonNullable<Schemas["Template"]["image"]>;
export type NewOutreachTemplate = Schemas["PostOutreachTemplatesRequest"];
export type OutreachTemplateChanges = Schemas["PatchOutreachTemplatesRequest"];
/** The account's rules: how often a visit may be approached, and where redirects may lead. */
export type OutreachRules = Schemas["SettingsSaved"]["settings"];
/** Either a template or, for a redirect, an address. */
export type NewDeliveries = Schemas["PostOutreachDeliveriesRequest"];
export type DeliveryResult = OrNull<Schemas["SendResult"], "delivery">;

export type SetupRequest = Schemas["PostSetupRequest"];
export type NewMessage = Schemas["PostConversationsMessagesRequest"];
export type NewSite = Schemas["PostSitesRequest"];
export type SiteChanges = Schemas["PatchSitesRequest"];
export type NewDepartment = Schemas["PostDepartmentsRequest"];
export type DepartmentChanges = Schemas["PatchDepartmentsRequest"];
export type NewAgent = Schemas["PostAgentsRequest"];
export type OwnProfile = Schemas["PatchSessionProfileRequest"];
/** An agent's two photos: 61 by 61 in the chat, 150 by 200 in the window of its own. `both` makes them of one picture. */
export type PhotoShape = "square" | "upright" | "both";
export type AgentChanges = Schemas["PatchAgentsRequest"];
/** What a visitor left when nobody attended. */
/** A conversation in the supervisor's list. */
export type Supervision = OrNull<Schemas["Supervision"], "last_message">;
/** What a supervisor watches over now. */
export type SupervisionDesk = Omit<Schemas["Desk"], "conversations"> & { conversations: Supervision[] };
/** What a supervisor may watch over. */
export type SupervisionGrant = Schemas["Grant"];
export type AuditEntry = Schemas["Entry"];
export type AuditAction = AuditEntry["action"];
export type AuditVerification = OrNull<Schemas["Verification"], "fault">;

export type ContactRequest = Schemas["Request"];
export type ContactState = ContactRequest["state"];
export type ContactPage = Schemas["Page"];
export type Block = Schemas["Block"];

export type Form = Schemas["Form"];
export type FormKind = Form["kind"];
/** What was answered to a form about a conversation or a contact request. */
export type Given = Schemas["Given"];
export type GivenAnswer = Schemas["Answer"];
/** A conversation's form, and what the agent has answered. */
export type FormSheet = OrNull<Schemas["Sheet"], "form" | "answers">;
export type Note = Schemas["Note"];
/** Earlier conversations of the same person. */
export type History = Omit<Schemas["History"], "conversations"> & { conversations: PastConversation[] };
export type PastConversation = Omit<Schemas["Past"], "conversation"> & { conversation: Conversation };
export type NewBlock = Schemas["PostBlocksRequest"];

/** A room of the team chat in which something was said; its id is a department's or the other agent's. */
export type TeamRoom = Schemas["Room"];
export type TeamMessage = OrNull<Schemas["TeamchatMessage"], "file">;
export type NewTeamMessage = Schemas["PostTeamRoomsMessagesRequest"];

/** A rule that acts by itself, with what came of it. */
export type RoutingRule = Schemas["Rule"];
export type RoutingRuleDraft = Schemas["RuleDraft"];
export type RoutingCondition = Schemas["RuleCondition"];
export type Trigger = Schemas["Listed"];
export type SavedTrigger = Schemas["Trigger"];
export type TriggerDraft = Schemas["Draft"];
export type TriggerChanges = Schemas["PatchTriggersRequest"];
export type TriggerCondition = Schemas["Condition"];
export type TriggerAction = Schemas["Action"];
/** A visitor whom a rule marked as a lead, with the credit to who came first. */
export type Lead = Schemas["Lead"];
export type LeadPage = Schemas["LeadPage"];
/** Whom a rule would reach now. */
export type TriggerTrial = Schemas["Trial"];
type DefinitionOf<T extends { view: unknown }> = Omit<T, "view" | "$schema"> & { view: GridView };

/** A view of the grid under a name. */
export type SavedView = DefinitionOf<Schemas["SavedView"]>;
export type NewSavedView = Omit<SavedView, "id" | "agent_id">;

export type VisitorExport = Omit<Schemas["Export"], "view" | "$schema"> & { view: GridView };
