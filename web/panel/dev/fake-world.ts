/** One account, one agent, three hundred visitors, and conversations that answer by themselves. */
import { randomUUID } from "node:crypto";
import type {
  Agent,
  Audience,
  Conversation,
  Counters,
  LiveEvent,
  LiveServerFrame,
  Me,
  Message,
  Snapshot,
} from "@aceno/contract";
import { aVisitor, type FakeVisitor, pick, walk } from "./fake-visitors.ts";

const answers = [
  "Boa tarde! O frete para Curitiba é grátis?",
  "Ótimo, meu carrinho está em R$ 214",
  "Vocês têm no tamanho 42?",
  "E chega até sexta?",
  "Obrigado! Vi em https://loja.exemplo.com.br/p/jaqueta (achei linda)",
];

type Emit = (frame: LiveServerFrame) => void;
/** What an event is, without its place in the log. */
type Happening = LiveEvent extends infer E ? (E extends LiveEvent ? Pick<E, "kind" | "payload"> : never) : never;

export class FakeWorld {
  readonly visitors: FakeVisitor[] = [];
  readonly conversations = new Map<string, Conversation>();
  readonly messages = new Map<string, Message[]>();
  readonly log: LiveEvent[] = [];
  position = 100;
  emit: Emit = () => {};
  private number = 2026000120;
  private finished = 84;
  private abandoned = 5;
  readonly agent: Agent = {
    id: "ana",
    login: "ana",
    name: "Ana Nunes",
    email: "ana@exemplo.com.br",
    role: "administrator",
    active: true,
    status: "online",
    present: true,
    department_ids: ["sales", "support"],
    method: "manual",
    phone: "",
    languages: ["pt"],
    skills: [],
    photo_url: "",
    portrait_url: "",
    conversation_limit: 5,
    active_conversations: 0,
    last_access_at: null,
    first_connection_at: null,
  };
  readonly me: Me = {
    agent: this.agent,
    account: { id: "account", name: "Loja Exemplo", time_zone: "America/Sao_Paulo", language: "pt" },
    permissions: [
      "queue.take queue.view conversation.view conversation.reply conversation.end file.send visitor.view site.manage",
    ].flatMap((list) => list.split(" ")),
    supervises_all: true,
    returned: null,
    preferences: {},
  };

  constructor(count: number) {
    for (let i = 0; i < count; i++) this.visitors.push(aVisitor(Math.random() * 1_300_000));
    for (let i = 0; i < 4; i++) this.enqueue();
    setInterval(() => this.live(), 700).unref();
  }

  snapshot(): Snapshot {
    const bruno: Agent = { ...this.agent, id: "bruno", login: "bruno", name: "Bruno Lima", status: "busy" };
    const department = (id: string, name: string, position: number) => ({
      id,
      name,
      display_name: name,
      email: "",
      description: "",
      position,
      active: true,
      open: true,
      online: true,
      settings: {
        order: "round_robin" as const,
        offer_seconds: 15,
        answer_seconds: 60,
        longest_wait_seconds: 600,
        overflow: { department_id: null, after_seconds: 0 },
        sticky: false,
        hours: { time_zone: "", weekly: [], holidays: [] },
        authenticated_only: false,
        inactivity: { warn_minutes: 0, end_minutes: 0 },
        gone_seconds: 90,
        service_level: {
          first_response: { warn: 0, breach: 0 },
          response: { warn: 0, breach: 0 },
          handling: { warn: 0, breach: 0 },
        },
        form_id: null,
      },
    });
    return {
      position: this.position,
      me: this.me,
      agents: [this.agent, bruno],
      departments: [department("sales", "Vendas", 1), department("support", "Suporte", 2)],
      sites: [
        {
          id: "site",
          name: "Loja",
          key: "k_demo",
          allowed_domains: ["loja.exemplo.com.br"],
          language: "pt",
          active: true,
          legacy_key: "",
          settings: {
            chat_mode: "widget",
            call_mode: 10,
            hide_when_offline: false,
            privacy: { presence: "full", notice: true, honour_dnt: false, honour_gpc: true, policy_url: "" },
            theme: {
              brand: "#0f766e",
              corner: 16,
              size: "normal",
              scheme: "auto",
              launcher_online: "",
              launcher_offline: "",
            },
            texts: {
              pt: { label: "", title: "", greeting: "", away: "" },
              en: { label: "", title: "", greeting: "", away: "" },
              es: { label: "", title: "", greeting: "", away: "" },
            },
          },
          install_code: '<script async src="https://atendimento.exemplo.com.br/v/aceno.js" data-key="k_demo"></script>',
        },
      ],
      conversations: [...this.conversations.values()].filter((each) => each.agent_id === "ana" && !each.closed),
      counters: this.counters(),
      queue: this.queue(),
      offers: [],
      now: Date.now(),
      transfers: [],
      limits: {
        text: 5000,
        file_bytes: 2_097_152,
        file_types: ["png", "jpg", "jpeg", "pdf", "txt"],
      },
    };
  }

  counters(): Counters {
    const waiting = this.waiting();
    const active = [...this.conversations.values()].filter((each) => each.state === "active").length;
    return {
      browsing: this.visitors.length,
      waiting: waiting.length,
      waiting_since: waiting[0]?.queue_entered_at ?? null,
      active,
      finished: this.finished,
      abandoned: this.abandoned,
    };
  }

  queue(): Snapshot["queue"] {
    const waiting = this.waiting();
    const active = [...this.conversations.values()].filter((each) => each.state === "active");
    const manual = {
      limit: 5,
      present: true,
      method: "manual",
      ready: true,
      offers: 0,
      skipped: false,
      turn: 0,
      unable: "manual",
      supervised: false,
    } as const;
    return {
      departments: ["sales", "support"].map((id) => {
        const own = waiting.filter((each) => each.department_id === id);
        return {
          department_id: id,
          waiting: own.length,
          longest_since: own[0]?.queue_entered_at ?? null,
          active: active.filter((each) => each.department_id === id).length,
          order: "round_robin" as const,
          order_version: 0,
          supervised: false,
          estimate: null,
          service_level: null,
          next: [],
        };
      }),
      agents: [
        { ...manual, agent_id: "ana", active: active.length, status: this.agent.status },
        { ...manual, agent_id: "bruno", active: 1, status: "busy" },
      ],
      waiting: waiting.map((each) => ({
        conversation_id: each.id,
        number: each.number,
        visitor_name: each.visitor.name,
        department_id: each.department_id,
        queue_entered_at: each.queue_entered_at,
        priority: 0,
        language: "",
        skills: [],
        rules: [],
        offered_to: null,
        reserved_for: null,
        contact_offered: false,
        position: 1,
        estimate: null,
        why: "nobody_able" as const,
      })),
      offers: [],
      roulette_version: 0,
      next: waiting[0] ? { conversation_id: waiting[0].id } : null,
    };
  }

  next(): Conversation | null {
    const first = this.waiting()[0];
    if (!first) return null;
    const claimed = this.change(first.id, {
      state: "active",
      agent_id: "ana",
      joined_at: Date.now(),
      unanswered_since: first.queue_entered_at,
    });
    this.mark(claimed, "active");
    this.event({ kind: "conversation.claimed", payload: { conversation: claimed } });
    this.say(claimed.id, "system", "", "visitor", { key: "joined", params: { agent: this.agent.name } });
    this.answerSoon(claimed.id);
    return claimed;
  }

  say(
    id: string,
    kind: "visitor" | "agent" | "system",
    text: string,
    audience: Audience,
    extra: object = {},
    clientId: string = randomUUID(),
    file: Message["file"] = null,
  ): Message {
    const list = this.messages.get(id) ?? [];
    const known = list.find((each) => each.client_id === clientId);
    if (known) return known;
    const conversation = this.conversations.get(id) as Conversation;
    const visitorSequence = audience === "visitor" ? conversation.last_visitor_sequence + 1 : null;
    const message: Message = {
      id: randomUUID(),
      conversation_id: id,
      sequence: conversation.last_sequence + 1,
      visitor_sequence: visitorSequence,
      client_id: clientId,
      kind: kind === "system" ? "system" : file ? "file" : "text",
      author: {
        kind,
        id: kind === "agent" ? "ana" : null,
        name: kind === "agent" ? this.agent.name : conversation.visitor.name,
      },
      audience,
      text,
      file,
      system: "key" in extra ? (extra as Message["system"]) : null,
      at: Date.now(),
    };
    list.push(message);
    this.messages.set(id, list);
    const changed = this.change(id, {
      last_sequence: message.sequence,
      last_visitor_sequence: visitorSequence ?? conversation.last_visitor_sequence,
      unanswered_since:
        kind === "visitor"
          ? (conversation.unanswered_since ?? message.at)
          : kind === "agent" && audience === "visitor"
            ? null
            : conversation.unanswered_since,
    });
    this.event({
      kind: audience === "visitor" ? "conversation.message" : "conversation.internal",
      payload: { conversation_id: id, message, conversation: changed },
    });
    if (kind === "agent" && audience === "visitor") this.answerSoon(id);
    return message;
  }

  seen(id: string, sequence: number, by: "agent" | "visitor"): void {
    this.change(id, by === "agent" ? { agent_seen_sequence: sequence } : { visitor_seen_sequence: sequence });
    this.event({ kind: "conversation.seen", payload: { conversation_id: id, by, sequence } });
  }

  end(id: string): Conversation {
    this.say(id, "system", "", "visitor", { key: "ended", params: { by: "agent" } });
    this.finished++;
    const ended = this.change(id, { state: "ended", ended_at: Date.now(), ended_by: "agent", unanswered_since: null });
    this.mark(ended, "browsing");
    this.event({ kind: "conversation.ended", payload: { conversation: ended } });
    return ended;
  }

  close(id: string): Conversation {
    const closed = this.change(id, { closed: true });
    this.event({ kind: "conversation.closed", payload: { conversation: closed } });
    return closed;
  }

  event(event: Happening): void {
    this.position++;
    const full = { t: "event", position: this.position, at: Date.now(), ...event } as LiveEvent;
    this.log.push(full);
    this.emit(full);
  }

  private waiting(): Conversation[] {
    return [...this.conversations.values()].filter((each) => each.state === "waiting");
  }

  private change(id: string, change: Partial<Conversation>): Conversation {
    const present = this.conversations.get(id) as Conversation;
    const next = { ...present, ...change, version: present.version + 1 };
    this.conversations.set(id, next);
    return next;
  }

  private mark(conversation: Conversation, state: FakeVisitor["state"]): void {
    const visitor = this.visitors.find((each) => each.id === conversation.visit_id);
    if (!visitor) return;
    Object.assign(visitor, {
      state,
      waiting_since: state === "waiting" ? conversation.queue_entered_at : null,
      conversation_id: state === "browsing" ? null : conversation.id,
      department_id: state === "browsing" ? null : conversation.department_id,
      agent_id: state === "active" ? conversation.agent_id : null,
    });
  }

  private enqueue(): void {
    const visitor = pick(this.visitors.filter((each) => each.state === "browsing"));
    if (!visitor) return;
    visitor.name ||= pick(["João Pereira", "Maria Souza", "Beatriz Ramos", "Rafael Costa"]);
    visitor.email ||= "visitante@exemplo.com.br";
    const {
      name,
      email,
      fields,
      ip,
      country,
      region,
      city,
      browser,
      system,
      device,
      language,
      page_url,
      page_title,
      referrer,
    } = visitor;
    const conversation: Conversation = {
      id: randomUUID(),
      earlier: 0,
      outreach_id: null,
      preferred_agent_id: null,
      preferred_until: null,
      queue_order: 0,
      answered_at: null,
      contact_offered_at: null,
      rating: null,
      rating_comment: "",
      participants: [],
      tags: [],
      hold_until: null,
      number: ++this.number,
      site_id: "site",
      department_id: pick(["sales", "support"]),
      visitor_id: visitor.visitor_id,
      visit_id: visitor.id,
      state: "waiting",
      agent_id: null,
      visitor: {
        name,
        email,
        fields,
        ip,
        country,
        region,
        city,
        browser,
        system,
        device,
        language,
        page_url,
        page_title,
        referrer,
      },
      queue_entered_at: Date.now() - Math.random() * 90_000,
      joined_at: null,
      ended_at: null,
      ended_by: null,
      end_reason: null,
      closed: false,
      last_sequence: 0,
      last_visitor_sequence: 0,
      version: 1,
      agent_seen_sequence: 0,
      visitor_seen_sequence: 0,
      last_message: null,
      unanswered_since: null,
    };
    this.conversations.set(conversation.id, conversation);
    this.mark(conversation, "waiting");
    this.event({ kind: "conversation.queued", payload: { conversation } });
    this.say(conversation.id, "system", "", "visitor", { key: "queued", params: {} });
    this.say(conversation.id, "visitor", pick(answers), "visitor");
  }

  private answerSoon(id: string): void {
    const typing = (text: string) => this.emit({ t: "typing", conversation: id, on: text !== "", text });
    setTimeout(() => this.seen(id, this.conversations.get(id)?.last_visitor_sequence ?? 0, "visitor"), 1_500).unref();
    setTimeout(() => typing("e chega até sexta…"), 2_500).unref();
    setTimeout(() => {
      if (this.conversations.get(id)?.state === "active") this.say(id, "visitor", pick(answers), "visitor");
    }, 6_000).unref();
  }

  /** A moment of the shop. */
  private live(): void {
    for (let i = 0; i < this.visitors.length / 60; i++) walk(pick(this.visitors));
    if (Math.random() < 0.5) this.visitors.push(aVisitor(0));
    if (Math.random() < 0.5) {
      const leaving = this.visitors.findIndex((each) => each.state === "browsing" || each.state === "idle");
      if (this.visitors.length > 50 && leaving >= 0) this.visitors.splice(leaving, 1);
    }
    for (const visitor of this.visitors) {
      if (visitor.state === "browsing" && Math.random() < 0.002)
        Object.assign(visitor, { state: "idle", activity_at: Date.now() - 360_000 });
      else if (visitor.state === "idle" && Math.random() < 0.02)
        Object.assign(visitor, { state: "browsing", activity_at: Date.now() });
    }
    if (this.waiting().length < 2 && Math.random() < 0.1) this.enqueue();
    this.emit({ t: "counters", counters: this.counters() });
  }
}
