/** Stand-ins for tests: a socket driven by hand, a clock, channels and locks shared by several tabs. */
import type { Agent, Conversation, LiveClientFrame, LiveServerFrame, Message, Snapshot } from "@aceno/contract";
import type { Socket, Timers } from "./socket.ts";
import type { Channel, Locks, TabMessage } from "./tabs.ts";

export class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly sent: LiveClientFrame[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as LiveClientFrame);
  }

  close(): void {
    this.closed = true;
  }

  accept(): void {
    this.onopen?.();
  }

  push(frame: LiveServerFrame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  cut(code = 1006, reason = ""): void {
    this.closed = true;
    this.onclose?.({ code, reason });
  }

  of<T extends LiveClientFrame["t"]>(t: T): Extract<LiveClientFrame, { t: T }>[] {
    return this.sent.filter((frame): frame is Extract<LiveClientFrame, { t: T }> => frame.t === t);
  }
}

export class FakeTimers implements Timers {
  private clock = 1_000_000;
  private next = 1;
  private readonly planned = new Map<number, { at: number; run: () => void }>();

  set(run: () => void, ms: number): number {
    const id = this.next++;
    this.planned.set(id, { at: this.clock + ms, run });
    return id;
  }

  clear(id: number): void {
    this.planned.delete(id);
  }

  now(): number {
    return this.clock;
  }

  random(): number {
    return 0;
  }

  get waiting(): number {
    return this.planned.size;
  }

  advance(ms: number): void {
    const until = this.clock + ms;
    for (;;) {
      const due = [...this.planned].filter(([, timer]) => timer.at <= until).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.planned.delete(due[0]);
      this.clock = due[1].at;
      due[1].run();
    }
    this.clock = until;
  }
}

/** Tabs of one browser: what one posts, the others hear; locks pass on when their holder leaves. */
export class FakeBrowser {
  private readonly channels = new Set<{ handler: ((message: TabMessage) => void) | null }>();
  private readonly locked = new Map<string, Waiting[]>();

  channel(): Channel {
    const own: { handler: ((message: TabMessage) => void) | null } = { handler: null };
    this.channels.add(own);
    return {
      post: (message) => {
        if (!this.channels.has(own)) throw new DOMException("Channel is closed", "InvalidStateError");
        const copy = structuredClone(message);
        for (const other of this.channels) if (other !== own) other.handler?.(copy);
      },
      listen: (handler) => {
        own.handler = handler;
      },
      close: () => this.channels.delete(own),
    };
  }

  locks(): Locks {
    const queue = (name: string) => {
      const present = this.locked.get(name) ?? [];
      this.locked.set(name, present);
      return present;
    };
    const grant = (name: string) => {
      const first = queue(name)[0];
      if (!first || first.granted) return;
      first.granted = true;
      first.held().then(
        () => drop(name, first, first.resolve),
        (error: unknown) => drop(name, first, () => first.reject(error)),
      );
    };
    const drop = (name: string, waiting: Waiting, settle: () => void) => {
      const list = queue(name);
      const at = list.indexOf(waiting);
      if (at === -1) return;
      list.splice(at, 1);
      settle();
      grant(name);
    };
    const aborted = () => new DOMException("aborted", "AbortError");
    return {
      request: (name, signal, held) =>
        new Promise((resolve, reject) => {
          const waiting: Waiting = { held, resolve, reject, granted: false };
          signal.addEventListener("abort", () => {
            if (!waiting.granted) drop(name, waiting, () => reject(aborted()));
          });
          queue(name).push(waiting);
          grant(name);
        }),
      steal: (name, held) =>
        new Promise((resolve, reject) => {
          const holder = queue(name)[0];
          if (holder?.granted) {
            queue(name).shift();
            holder.reject(aborted());
          }
          queue(name).unshift({ held, resolve, reject, granted: false });
          grant(name);
        }),
    };
  }
}

interface Waiting {
  held: () => Promise<void>;
  resolve: () => void;
  reject: (error: unknown) => void;
  granted: boolean;
}

/** Lets pending promises run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

export function anAgent(change: Partial<Agent> = {}): Agent {
  return {
    id: "ana",
    login: "ana",
    name: "Ana Nunes",
    email: "ana@exemplo.com",
    role: "agent",
    active: true,
    status: "online",
    present: true,
    department_ids: ["sales"],
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
    ...change,
  };
}

export function aConversation(change: Partial<Conversation> = {}): Conversation {
  return {
    id: "c1",
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
    number: 2026000123,
    site_id: "s1",
    department_id: "sales",
    visitor_id: "v1",
    visit_id: "visit1",
    state: "active",
    agent_id: "ana",
    visitor: {
      name: "Maria Souza",
      email: "maria@exemplo.com.br",
      fields: {},
      ip: "177.92.14.8",
      country: "BR",
      region: "PR",
      city: "Curitiba",
      browser: "Chrome 156",
      system: "Android",
      device: "phone",
      language: "pt-BR",
      page_url: "https://loja.exemplo.com/carrinho",
      page_title: "Carrinho",
      referrer: "",
    },
    queue_entered_at: 1_000,
    joined_at: 2_000,
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
    ...change,
  };
}

export function aMessage(sequence: number, change: Partial<Message> = {}): Message {
  return {
    id: `m${sequence}`,
    conversation_id: "c1",
    sequence,
    visitor_sequence: sequence,
    client_id: `k${sequence}`,
    kind: "text",
    author: { kind: "visitor", id: null, name: "Maria Souza" },
    audience: "visitor",
    text: `text ${sequence}`,
    file: null,
    system: null,
    at: sequence * 1_000,
    ...change,
  };
}

export function aSnapshot(position: number, change: Partial<Snapshot> = {}): Snapshot {
  const agent = anAgent();
  return {
    position,
    me: {
      agent,
      account: { id: "a1", name: "Loja", time_zone: "America/Sao_Paulo", language: "pt" },
      permissions: ["queue.take"],
      supervises_all: false,
      returned: null,
      preferences: {},
    },
    agents: [agent],
    departments: [],
    sites: [],
    conversations: [],
    transfers: [],
    counters: { browsing: 0, waiting: 0, waiting_since: null, active: 0, finished: 0, abandoned: 0 },
    queue: { departments: [], agents: [], waiting: [], offers: [], next: null, roulette_version: 0 },
    offers: [],
    now: 1_000_000,
    limits: { text: 5000, file_bytes: 2_097_152, file_types: ["png"] },
    ...change,
  };
}
