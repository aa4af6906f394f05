import { createHttp, type HttpOptions, type UploadOptions } from "./http.ts";
import type {
  Agent,
  AgentChanges,
  AgentStatus,
  Audience,
  AuditEntry,
  AuditVerification,
  Block,
  ContactPage,
  ContactRequest,
  ContactState,
  Conversation,
  Delivery,
  DeliveryResult,
  Department,
  DepartmentChanges,
  Form,
  FormSheet,
  Given,
  History,
  Integration,
  IntegrationChanges,
  IntegrationFrame,
  Language,
  LeadPage,
  Me,
  Message,
  MessagePage,
  NewAgent,
  NewBlock,
  NewDeliveries,
  NewDepartment,
  NewIntegration,
  NewMessage,
  NewOutreachTemplate,
  NewQuickReply,
  NewSavedView,
  NewSite,
  NewTeamMessage,
  Note,
  Offer,
  OutreachImage,
  OutreachRules,
  OutreachTemplate,
  OutreachTemplateChanges,
  OwnProfile,
  PhotoShape,
  QueueStatus,
  QuickReply,
  QuickReplyChanges,
  Revision,
  RoutingDecision,
  RoutingRule,
  RoutingRuleDraft,
  SavedTrigger,
  SavedView,
  SetupRequest,
  Site,
  SiteChanges,
  SiteImage,
  Snapshot,
  SupervisionDesk,
  SupervisionGrant,
  TeamMessage,
  TeamRoom,
  TranscriptPreview,
  Transfer,
  TransferTarget,
  Trigger,
  TriggerChanges,
  TriggerDraft,
  TriggerTrial,
  VisitorCorrection,
  VisitorExport,
} from "./types.ts";

export type Api = ReturnType<typeof createApi>;

/** The agent's HTTP API, one function per route of docs/protocols.md section 2. Refusals are thrown as `Problem`. */
export function createApi(options: HttpOptions) {
  const { request, upload, download } = createHttp(options);
  const conversation = (id: string) => `/api/conversations/${encodeURIComponent(id)}`;
  const teamRoom = (id: string) => `/api/team/rooms/${encodeURIComponent(id)}`;
  return {
    setup: {
      needed: () => request<{ needed: boolean }>("GET", "/api/setup"),
      complete: (body: SetupRequest) => request<Me>("POST", "/api/setup", { body }),
    },
    session: {
      get: () => request<Me>("GET", "/api/session"),
      signIn: (login: string, password: string) => request<Me>("POST", "/api/session", { body: { login, password } }),
      /** `return` puts open conversations back at the head of their queue; `keep` leaves them to the grace time. */
      signOut: (conversations: "return" | "keep") =>
        request<undefined>("DELETE", "/api/session", { query: { conversations } }),
      setStatus: (status: AgentStatus) => request<Me>("PUT", "/api/session/status", { body: { status } }),
      setPreferences: (preferences: Record<string, unknown>) =>
        request<Me>("PUT", "/api/session/preferences", { body: preferences }),
      setProfile: (body: OwnProfile) => request<Me>("PATCH", "/api/session/profile", { body }),
      /** Refused at the field `current` when that is not the password. */
      setPassword: (current: string, password: string) =>
        request<undefined>("PUT", "/api/session/password", { body: { current, password } }),
      setPhoto: (shape: PhotoShape, file: Blob) => upload<Me>(`/api/session/photo?shape=${shape}`, photoForm(file)),
      removePhoto: (shape: PhotoShape) => request<Me>("DELETE", "/api/session/photo", { query: { shape } }),
      /** The agent was told what went back to the queue up to then. */
      told: (upTo: number) => request<undefined>("DELETE", "/api/session/returned", { query: { up_to: upTo } }),
    },
    sites: {
      list: (signal?: AbortSignal) => request<{ sites: Site[] }>("GET", "/api/sites", { signal }),
      create: (body: NewSite) => request<Site>("POST", "/api/sites", { body }),
      update: (id: string, body: SiteChanges) =>
        request<Site>("PATCH", `/api/sites/${encodeURIComponent(id)}`, { body }),
      /** A picture for the call of a site. */
      addImage: (file: File, uploading?: UploadOptions) => {
        const form = new FormData();
        form.set("file", file, file.name);
        return upload<SiteImage>("/api/sites/images", form, uploading);
      },
      /** What the site's server signs its customers with. */
      identitySecret: (id: string) =>
        request<{ secret: string }>("GET", `/api/sites/${encodeURIComponent(id)}/identity-secret`),
    },
    departments: {
      create: (body: NewDepartment) => request<Department>("POST", "/api/departments", { body }),
      update: (id: string, body: DepartmentChanges) =>
        request<Department>("PATCH", `/api/departments/${encodeURIComponent(id)}`, { body }),
    },
    forms: {
      list: (signal?: AbortSignal) => request<{ forms: Form[] }>("GET", "/api/forms", { signal }),
    },
    agents: {
      list: (signal?: AbortSignal) => request<{ agents: Agent[] }>("GET", "/api/agents", { signal }),
      create: (body: NewAgent) => request<Agent>("POST", "/api/agents", { body }),
      update: (id: string, body: AgentChanges) =>
        request<Agent>("PATCH", `/api/agents/${encodeURIComponent(id)}`, { body }),
      setPhoto: (id: string, shape: PhotoShape, file: Blob) =>
        upload<Agent>(`/api/agents/${encodeURIComponent(id)}/photo?shape=${shape}`, photoForm(file)),
      removePhoto: (id: string, shape: PhotoShape) =>
        request<Agent>("DELETE", `/api/agents/${encodeURIComponent(id)}/photo`, { query: { shape } }),
      /** Ends the agent's session; the agent is told. */
      endSession: (id: string) => request<undefined>("POST", `/api/agents/${encodeURIComponent(id)}/end-session`),
    },
    blocks: {
      list: (signal?: AbortSignal) => request<{ blocks: Block[] }>("GET", "/api/blocks", { signal }),
      create: (body: NewBlock) => request<Block>("POST", "/api/blocks", { body }),
      remove: (id: string) => request<undefined>("DELETE", `/api/blocks/${encodeURIComponent(id)}`),
    },
    contacts: {
      /** The newest first; `before` is the last id of the page before. */
      list: (query: { state?: ContactState; before?: string }, signal?: AbortSignal) =>
        request<ContactPage>("GET", "/api/contacts", { query, signal }),
      get: (id: string, signal?: AbortSignal) =>
        request<ContactRequest>("GET", `/api/contacts/${encodeURIComponent(id)}`, { signal }),
      /** What was answered to the contact form's own fields. */
      answers: (id: string, signal?: AbortSignal) =>
        request<{ answers: Given[] }>("GET", `/api/contacts/${encodeURIComponent(id)}/answers`, { signal }),
      /** Refused as `stale` when somebody else changed it meanwhile. */
      move: ({ id, version }: ContactRequest, state: ContactState) =>
        request<ContactRequest>("PATCH", `/api/contacts/${encodeURIComponent(id)}`, { body: { state, version } }),
    },
    leads: {
      /** The newest first; `before` is the last id of the page before. */
      list: (query: { since?: number; site_id?: string; before?: string }, signal?: AbortSignal) =>
        request<LeadPage>("GET", "/api/leads", { query, signal }),
      remove: (id: string) => request<undefined>("DELETE", `/api/leads/${encodeURIComponent(id)}`),
    },
    snapshot: (signal?: AbortSignal) => request<Snapshot>("GET", "/api/snapshot", { signal }),
    /** The rules that give priority and needed skills, in the order in which they are asked. */
    routing: {
      list: (signal?: AbortSignal) => request<{ rules: RoutingRule[] }>("GET", "/api/routing/rules", { signal }),
      create: (body: RoutingRuleDraft) => request<RoutingRule>("POST", "/api/routing/rules", { body }),
      /** Refused as `stale` when somebody else changed it meanwhile. */
      update: (id: string, body: RoutingRuleDraft & { version: number }) =>
        request<RoutingRule>("PUT", `/api/routing/rules/${encodeURIComponent(id)}`, { body }),
      remove: (id: string) => request<undefined>("DELETE", `/api/routing/rules/${encodeURIComponent(id)}`),
      /** Every rule once; refused as `stale` when there are others by now. */
      order: (rule_ids: string[]) =>
        request<{ rules: RoutingRule[] }>("PUT", "/api/routing/rules-order", { body: { rule_ids } }),
    },
    triggers: {
      list: (signal?: AbortSignal) => request<{ triggers: Trigger[] }>("GET", "/api/triggers", { signal }),
      create: (body: TriggerDraft) => request<SavedTrigger>("POST", "/api/triggers", { body }),
      update: (id: string, body: TriggerChanges) =>
        request<SavedTrigger>("PATCH", `/api/triggers/${encodeURIComponent(id)}`, { body }),
      remove: (id: string) => request<undefined>("DELETE", `/api/triggers/${encodeURIComponent(id)}`),
      /** Whom it would reach now; nothing is sent. */
      try: (body: TriggerDraft) => request<TriggerTrial>("POST", "/api/triggers/try", { body }),
    },
    grid: {
      /** The agent's own saved views and the shared ones. */
      views: (signal?: AbortSignal) => request<{ views: SavedView[] }>("GET", "/api/grid-views", { signal }),
      saveView: (body: NewSavedView, id?: string) =>
        id === undefined
          ? request<SavedView>("POST", "/api/grid-views", { body })
          : request<SavedView>("PUT", `/api/grid-views/${encodeURIComponent(id)}`, { body }),
      removeView: (id: string) => request<undefined>("DELETE", `/api/grid-views/${encodeURIComponent(id)}`),
      /** Everybody of a view as CSV. */
      exportVisitors: (body: VisitorExport) => download("/api/visitors/export", body),
    },
    outreach: {
      templates: (signal?: AbortSignal) =>
        request<{ templates: OutreachTemplate[] }>("GET", "/api/outreach/templates", { signal }),
      createTemplate: (body: NewOutreachTemplate) =>
        request<OutreachTemplate>("POST", "/api/outreach/templates", { body }),
      updateTemplate: (id: string, body: OutreachTemplateChanges) =>
        request<OutreachTemplate>("PATCH", `/api/outreach/templates/${encodeURIComponent(id)}`, { body }),
      addImage: (file: File, uploading?: UploadOptions) => {
        const form = new FormData();
        form.set("file", file, file.name);
        return upload<OutreachImage>("/api/outreach/images", form, uploading);
      },
      rules: (signal?: AbortSignal) => request<OutreachRules>("GET", "/api/outreach/settings", { signal }),
      setRules: (body: OutreachRules) => request<OutreachRules>("PUT", "/api/outreach/settings", { body }),
      /** Repeating with the same `client_id` sends nothing twice. */
      send: (body: NewDeliveries) =>
        request<{ results: DeliveryResult[] }>("POST", "/api/outreach/deliveries", { body }),
      /** What was sent to a visitor, newest first. */
      past: (visitorId: string, signal?: AbortSignal) =>
        request<{ deliveries: Delivery[] }>("GET", "/api/outreach/deliveries", {
          query: { visitor_id: visitorId },
          signal,
        }),
    },
    team: {
      rooms: (signal?: AbortSignal) => request<{ rooms: TeamRoom[] }>("GET", "/api/team/rooms", { signal }),
      messages: (room: string, page: { after?: number; before?: number; limit?: number }) =>
        request<{ messages: TeamMessage[]; more: boolean }>("GET", `${teamRoom(room)}/messages`, { query: page }),
      /** Repeating with the same `client_id` returns the message already stored. */
      post: (room: string, message: NewTeamMessage) =>
        request<TeamMessage>("POST", `${teamRoom(room)}/messages`, { body: message }),
      postFile: (room: string, file: File, clientId: string, options?: UploadOptions) => {
        const form = new FormData();
        form.set("client_id", clientId);
        form.set("file", file, file.name);
        return upload<TeamMessage>(`${teamRoom(room)}/files`, form, options);
      },
      read: (room: string, sequence: number) =>
        request<undefined>("PUT", `${teamRoom(room)}/read`, { body: { sequence } }),
    },
    notes: {
      change: ({ id, version }: Note, text: string) =>
        request<Note>("PATCH", `/api/notes/${encodeURIComponent(id)}`, { body: { text, version } }),
      remove: (id: string) => request<undefined>("DELETE", `/api/notes/${encodeURIComponent(id)}`),
    },
    queue: {
      status: (signal?: AbortSignal) => request<QueueStatus>("GET", "/api/queue", { signal }),
      /** Takes the next waiting conversation. Repeat with the same key after a `NetworkError`. */
      next: (idempotencyKey: string) => request<Conversation>("POST", "/api/queue/next", { idempotencyKey }),
      /** The panel shows the offer: only now the conversation is this agent's. Repeatable. */
      offerShown: (id: string) => request<Conversation>("POST", `/api/offers/${encodeURIComponent(id)}/shown`),
      /** `version` is `order_version` of the list that was put in order; refused as stale when somebody was quicker. */
      order: (department_id: string, version: number, conversation_ids: string[]) =>
        request<QueueStatus>("PUT", "/api/queue/order", { body: { department_id, version, conversation_ids } }),
      /** `version` is `roulette_version`. Agents who are not named keep their turns. */
      roulette: (version: number, agents: { agent_id: string; skipped: boolean }[]) =>
        request<QueueStatus>("PUT", "/api/roulette", { body: { version, agents } }),
      /** At most twenty, oldest first: the newest, or those before the decision named. `more` says that there are older ones. */
      decisions: (conversationId: string, before: string, signal?: AbortSignal) =>
        request<{ decisions: RoutingDecision[]; offers: Offer[]; more: boolean }>("GET", "/api/routing/decisions", {
          query: { conversation: conversationId, before },
          signal,
        }),
    },
    supervision: {
      desk: (signal?: AbortSignal) => request<SupervisionDesk>("GET", "/api/supervision", { signal }),
      /** From now on the conversation's messages come on this agent's socket. */
      watch: (id: string) => request<Conversation>("POST", `${conversation(id)}/watch`),
      unwatch: (id: string) => request<void>("DELETE", `${conversation(id)}/watch`),
      /** `agentId` is who had it as this agent saw it; refused when somebody else has it by now. */
      takeOver: (id: string, agentId: string) =>
        request<Conversation>("POST", `${conversation(id)}/take-over`, { body: { agent_id: agentId } }),
      stop: (id: string) => request<Conversation>("POST", `${conversation(id)}/stop`),
      join: (id: string, agentId: string) =>
        request<Conversation>("POST", `${conversation(id)}/participants`, { body: { agent_id: agentId } }),
      leave: (id: string) => request<Conversation>("POST", `${conversation(id)}/leave`),
      grant: (agentId: string, signal?: AbortSignal) =>
        request<SupervisionGrant>("GET", `/api/agents/${encodeURIComponent(agentId)}/supervision`, { signal }),
      setGrant: ({ agent_id, ...body }: SupervisionGrant) =>
        request<SupervisionGrant>("PUT", `/api/agents/${encodeURIComponent(agent_id)}/supervision`, { body }),
    },
    audit: {
      list: (query: { agent_id?: string; action?: string; before?: number; limit?: number }, signal?: AbortSignal) =>
        request<{ entries: AuditEntry[]; more: boolean }>("GET", "/api/audit", { query, signal }),
      verify: () => request<AuditVerification>("GET", "/api/audit/verification"),
    },
    quickReplies: {
      /** What the agent may use. */
      list: (signal?: AbortSignal) => request<{ replies: QuickReply[] }>("GET", "/api/quick-replies", { signal }),
      create: (body: NewQuickReply) => request<QuickReply>("POST", "/api/quick-replies", { body }),
      save: (id: string, body: QuickReplyChanges) =>
        request<QuickReply>("PUT", `/api/quick-replies/${encodeURIComponent(id)}`, { body }),
      remove: (id: string) => request<undefined>("DELETE", `/api/quick-replies/${encodeURIComponent(id)}`),
      /** Counts that it was inserted. */
      used: (id: string) => request<undefined>("POST", `/api/quick-replies/${encodeURIComponent(id)}/uses`),
    },
    integrations: {
      list: (signal?: AbortSignal) => request<{ integrations: Integration[] }>("GET", "/api/integrations", { signal }),
      create: (body: NewIntegration) => request<Integration>("POST", "/api/integrations", { body }),
      save: (id: string, body: IntegrationChanges) =>
        request<Integration>("PUT", `/api/integrations/${encodeURIComponent(id)}`, { body }),
      remove: (id: string) => request<undefined>("DELETE", `/api/integrations/${encodeURIComponent(id)}`),
      /** What the page's own server verifies contexts with. */
      secret: (id: string) => request<{ secret: string }>("GET", `/api/integrations/${encodeURIComponent(id)}/secret`),
    },
    conversations: {
      /** The active pages, their addresses signed for one loading within five minutes. */
      frames: (id: string, signal?: AbortSignal) =>
        request<{ frames: IntegrationFrame[] }>("GET", `${conversation(id)}/frames`, { signal }),
      get: (id: string) => request<Conversation>("GET", conversation(id)),
      messages: (id: string, page: { after?: number; before?: number; limit?: number } = {}, signal?: AbortSignal) =>
        request<MessagePage>("GET", `${conversation(id)}/messages`, { query: page, signal }),
      /** Repeating with the same `client_id` returns the message already stored. */
      post: (id: string, message: NewMessage) =>
        request<Message>("POST", `${conversation(id)}/messages`, { body: message }),
      postFile: (id: string, file: File, clientId: string, audience: Audience, options?: UploadOptions) => {
        const form = new FormData();
        form.set("client_id", clientId);
        form.set("audience", audience);
        form.set("file", file, file.name);
        return upload<Message>(`${conversation(id)}/files`, form, options);
      },
      /** Changes an own message, within 15 minutes. */
      edit: (id: string, sequence: number, text: string) =>
        request<Message>("PATCH", `${conversation(id)}/messages/${sequence}`, { body: { text } }),
      /** Takes an own message back, within 15 minutes. */
      takeBack: (id: string, sequence: number) =>
        request<Message>("DELETE", `${conversation(id)}/messages/${sequence}`),
      /** An empty emoji takes the reaction back. */
      react: (id: string, sequence: number, emoji: string) =>
        request<Message>("PUT", `${conversation(id)}/messages/${sequence}/reaction`, { body: { emoji } }),
      revisions: (id: string, sequence: number, signal?: AbortSignal) =>
        request<{ revisions: Revision[] }>("GET", `${conversation(id)}/messages/${sequence}/revisions`, { signal }),
      /** The transcript as it would be sent: only what the visitor saw. */
      transcript: (id: string, language: Language, signal?: AbortSignal) =>
        request<TranscriptPreview>("GET", `${conversation(id)}/transcript`, { query: { language }, signal }),
      sendTranscript: (id: string, body: { email: string; language: Language }) =>
        request<{ email: string }>("POST", `${conversation(id)}/transcript`, { body }),
      end: (id: string) => request<Conversation>("POST", `${conversation(id)}/end`),
      close: (id: string) => request<Conversation>("POST", `${conversation(id)}/close`),
      form: (id: string, signal?: AbortSignal) => request<FormSheet>("GET", `${conversation(id)}/form`, { signal }),
      /** `version` is that of the answers that are replaced, 0 for the first ones. */
      fillIn: (id: string, formId: string, version: number, answers: Record<string, unknown>) =>
        request<Given>("PUT", `${conversation(id)}/form`, { body: { form_id: formId, version, answers } }),
      answers: (id: string, signal?: AbortSignal) =>
        request<{ answers: Given[] }>("GET", `${conversation(id)}/answers`, { signal }),
      /** Other conversations of the same person, the newest first; `q` searches in their messages. */
      history: (id: string, query: { before?: number; q?: string }, signal?: AbortSignal) =>
        request<History>("GET", `${conversation(id)}/history`, { query, signal }),
      notes: (id: string, signal?: AbortSignal) =>
        request<{ notes: Note[] }>("GET", `${conversation(id)}/notes`, { signal }),
      /** Repeating with the same `client_id` returns the note already stored. */
      addNote: (id: string, clientId: string, text: string) =>
        request<Note>("POST", `${conversation(id)}/notes`, { body: { client_id: clientId, text } }),
      targets: (id: string, signal?: AbortSignal) =>
        request<{ agents: TransferTarget[] }>("GET", `${conversation(id)}/targets`, { signal }),
      transfer: (id: string, agent_id: string, note: string) =>
        request<Transfer>("POST", `${conversation(id)}/transfer`, { body: { agent_id, note } }),
      requeue: (id: string, department_id: string, note: string) =>
        request<Conversation>("POST", `${conversation(id)}/requeue`, { body: { department_id, note } }),
      join: (id: string, agent_id: string) =>
        request<Conversation>("POST", `${conversation(id)}/participants`, { body: { agent_id } }),
      leave: (id: string) => request<Conversation>("POST", `${conversation(id)}/leave`),
      setTags: (id: string, tags: string[]) =>
        request<Conversation>("PUT", `${conversation(id)}/tags`, { body: { tags } }),
      tags: (signal?: AbortSignal) => request<{ tags: string[] }>("GET", "/api/conversation-tags", { signal }),
      /** Refused as `stale` when somebody else has corrected them since `version`. */
      correctVisitor: (id: string, body: VisitorCorrection) =>
        request<Conversation>("PUT", `${conversation(id)}/visitor`, { body }),
      hold: (id: string, until: number | null) =>
        request<Conversation>("PUT", `${conversation(id)}/hold`, { body: { until } }),
    },
    transfers: {
      accept: (id: string) => request<Conversation>("POST", `/api/transfers/${encodeURIComponent(id)}/accept`),
      decline: (id: string) => request<undefined>("POST", `/api/transfers/${encodeURIComponent(id)}/decline`),
      withdraw: (id: string) => request<undefined>("POST", `/api/transfers/${encodeURIComponent(id)}/withdraw`),
    },
  };
}

function photoForm(photo: Blob): FormData {
  const form = new FormData();
  form.set("file", photo, "photo");
  return form;
}
