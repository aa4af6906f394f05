import { type Audience, type Message, NetworkError, Problem } from "@aceno/contract";

export type PendingState = "queued" | "sending" | "waiting" | "failed";

/** A message on its way. `client_id` stays the same over every attempt, so the server stores it once (B02). */
export interface Pending {
  client_id: string;
  conversation_id: string;
  audience: Audience;
  text: string;
  file: File | null;
  /** The sequence of the message that is quoted. */
  reply_to: number | null;
  at: number;
  state: PendingState;
  /** Share sent of a file, from 0 to 1. */
  progress: number;
  problem: Problem | null;
}

export interface OutboxDeps {
  post: (pending: Pending, onProgress: (share: number) => void) => Promise<Message>;
  onDelivered: (message: Message) => void;
  timers: { set(run: () => void, ms: number): number; clear(id: number): void; now(): number };
  newId: () => string;
  /** Texts survive a reload of the page; files cannot. */
  store: { read(): string | null; write(value: string | null): void };
}

const firstRetry = 1_000;
const longestRetry = 15_000;

/**
 * Sends messages in the order they were written, one at a time per conversation. Without an answer it tries again with the
 * same id until there is one; a refusal is shown and lets the next message pass.
 */
export class Outbox {
  private items: readonly Pending[] = [];
  private readonly working = new Set<string>();
  private readonly attempts = new Map<string, number>();
  private readonly retries = new Map<string, number>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly deps: OutboxDeps) {
    this.items = restore(deps.store.read());
  }

  get = (): readonly Pending[] => this.items;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  add(
    conversation: string,
    audience: Audience,
    content: { text: string; file: File | null; reply_to?: number | null },
  ): void {
    const pending: Pending = {
      client_id: this.deps.newId(),
      conversation_id: conversation,
      audience,
      reply_to: null,
      ...content,
      at: this.deps.timers.now(),
      state: "queued",
      progress: 0,
      problem: null,
    };
    this.set([...this.items, pending]);
    void this.work(conversation);
  }

  /** Tries a refused message again. */
  resend(clientId: string): void {
    const item = this.find(clientId);
    if (!item) return;
    this.change(clientId, { state: "queued", problem: null });
    void this.work(item.conversation_id);
  }

  discard(clientId: string): void {
    this.set(this.items.filter((item) => item.client_id !== clientId));
  }

  /** The message arrived by another way: its event came before the answer, or the answer was lost. */
  delivered(message: Message): void {
    if (this.find(message.client_id)) this.discard(message.client_id);
  }

  /** The connection is back, or the page was loaded anew: tries everything at once. */
  flush(): void {
    for (const [conversation, timer] of this.retries) {
      this.deps.timers.clear(timer);
      this.retries.delete(conversation);
    }
    this.attempts.clear();
    for (const conversation of new Set(this.items.map((item) => item.conversation_id))) void this.work(conversation);
  }

  private async work(conversation: string): Promise<void> {
    if (this.working.has(conversation) || this.retries.has(conversation)) return;
    this.working.add(conversation);
    try {
      for (;;) {
        const item = this.items.find((each) => each.conversation_id === conversation && each.state !== "failed");
        if (!item) return;
        if (!(await this.send(item))) {
          this.retryLater(conversation);
          return;
        }
      }
    } finally {
      this.working.delete(conversation);
    }
  }

  /** False when nobody answered. */
  private async send(item: Pending): Promise<boolean> {
    this.change(item.client_id, { state: "sending", progress: 0 });
    try {
      const message = await this.deps.post(item, (progress) => this.change(item.client_id, { progress }));
      this.attempts.delete(item.conversation_id);
      this.discard(item.client_id);
      this.deps.onDelivered(message);
      return true;
    } catch (error) {
      if (error instanceof Problem && !error.transient && error.status !== 401 && error.status < 500) {
        this.change(item.client_id, { state: "failed", problem: error });
        return true;
      }
      if (!(error instanceof Problem) && !(error instanceof NetworkError)) throw error;
      this.change(item.client_id, { state: "waiting" });
      return this.find(item.client_id) === undefined;
    }
  }

  private retryLater(conversation: string): void {
    const attempt = this.attempts.get(conversation) ?? 0;
    this.attempts.set(conversation, attempt + 1);
    const delay = Math.min(longestRetry, firstRetry * 2 ** attempt);
    this.retries.set(
      conversation,
      this.deps.timers.set(() => {
        this.retries.delete(conversation);
        void this.work(conversation);
      }, delay),
    );
  }

  private find(clientId: string): Pending | undefined {
    return this.items.find((item) => item.client_id === clientId);
  }

  private change(clientId: string, change: Partial<Pending>): void {
    if (!this.find(clientId)) return;
    this.set(this.items.map((item) => (item.client_id === clientId ? { ...item, ...change } : item)));
  }

  private set(items: readonly Pending[]): void {
    this.items = items;
    const texts = items.filter((item) => item.file === null && item.state !== "failed");
    this.deps.store.write(texts.length === 0 ? null : JSON.stringify(texts));
    for (const listener of this.listeners) listener();
  }
}

function restore(stored: string | null): Pending[] {
  if (stored === null) return [];
  try {
    const items: unknown = JSON.parse(stored);
    if (!Array.isArray(items)) return [];
    return items
      .filter(isPendingText)
      .map((item) => ({ ...item, reply_to: item.reply_to ?? null, file: null, state: "waiting", problem: null }));
  } catch {
    return [];
  }
}

function isPendingText(item: unknown): item is Pending {
  return (
    typeof item === "object" &&
    item !== null &&
    "client_id" in item &&
    typeof item.client_id === "string" &&
    "conversation_id" in item &&
    typeof item.conversation_id === "string" &&
    "text" in item &&
    typeof item.text === "string"
  );
}
