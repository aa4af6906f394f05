import type { LiveEvent, Message, MessagePage } from "@aceno/contract";

/** The messages of one conversation that are loaded: a stretch without gaps up to the newest. */
export interface Thread {
  messages: readonly Message[];
  /** There are older ones on the server. */
  more: boolean;
  loading: boolean;
  loadingOlder: boolean;
  failed: boolean;
}

export type LoadMessages = (
  conversation: string,
  page: { after?: number; before?: number; limit: number },
) => Promise<MessagePage>;

const pageSize = 50;
const empty: Thread = { messages: [], more: false, loading: false, loadingOlder: false, failed: false };

/** Messages by conversation: pages from the server, events as they come, and what is between when one is missing. */
export class Threads {
  private readonly threads = new Map<string, Thread>();
  private readonly filling = new Set<string>();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly load: LoadMessages,
    /** A message from the event stream or an answer was taken in; its sender may forget it. */
    private readonly onTaken: (message: Message) => void,
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get(conversation: string): Thread {
    return this.threads.get(conversation) ?? empty;
  }

  /** Loads the newest page unless it is there or on its way. */
  open(conversation: string): void {
    const thread = this.get(conversation);
    if (thread.loading || thread.messages.length > 0) return;
    this.set(conversation, { loading: true, failed: false });
    this.load(conversation, { limit: pageSize }).then(
      (page) => {
        this.set(conversation, { loading: false, more: page.more });
        this.merge(conversation, page.messages);
      },
      () => this.set(conversation, { loading: false, failed: true }),
    );
  }

  /** Asks again after a failure. */
  retry(conversation: string): void {
    if (this.get(conversation).messages.length > 0) void this.fill(conversation);
    else this.open(conversation);
  }

  older(conversation: string): void {
    const thread = this.get(conversation);
    const first = thread.messages[0];
    if (!thread.more || thread.loadingOlder || !first) return;
    this.set(conversation, { loadingOlder: true });
    this.load(conversation, { before: first.sequence, limit: pageSize }).then(
      (page) => {
        this.set(conversation, { loadingOlder: false, more: page.more });
        this.merge(conversation, page.messages);
      },
      () => this.set(conversation, { loadingOlder: false }),
    );
  }

  /** A durable event; messages of conversations that were never opened are left to their first page. */
  receive(event: LiveEvent): void {
    switch (event.kind) {
      case "conversation.message":
      case "conversation.internal":
        this.take(event.payload.message);
        break;
      case "conversation.message_changed":
      case "conversation.internal_changed":
        this.renew([event.payload.message]);
        break;
    }
  }

  take(message: Message): void {
    this.onTaken(message);
    const thread = this.threads.get(message.conversation_id);
    if (!thread) return;
    const last = thread.messages.at(-1);
    if (last && message.sequence > last.sequence + 1) void this.fill(message.conversation_id);
    else this.merge(message.conversation_id, [message]);
  }

  /** Takes what became of messages after they were sent; those that are not loaded are left to their page. */
  renew(copies: readonly Message[]): void {
    for (const copy of copies) {
      const held = this.threads.get(copy.conversation_id)?.messages.some(({ sequence }) => sequence === copy.sequence);
      if (held) this.merge(copy.conversation_id, [copy]);
    }
  }

  /** The event stream had a break: asks every opened conversation for what came after. */
  refresh(): void {
    for (const conversation of this.threads.keys()) this.retry(conversation);
  }

  forget(conversation: string): void {
    if (this.threads.delete(conversation)) this.tell();
  }

  private async fill(conversation: string): Promise<void> {
    if (this.filling.has(conversation)) return;
    this.filling.add(conversation);
    try {
      for (;;) {
        const after = this.get(conversation).messages.at(-1)?.sequence ?? 0;
        const page = await this.load(conversation, { after, limit: 200 });
        this.renew(page.changed ?? []);
        for (const message of page.messages) this.onTaken(message);
        this.merge(conversation, page.messages);
        if (!page.more || page.messages.length === 0) return;
      }
    } catch {
      this.set(conversation, { failed: true });
    } finally {
      this.filling.delete(conversation);
    }
  }

  private merge(conversation: string, messages: readonly Message[]): void {
    if (!this.threads.has(conversation)) return;
    const bySequence = new Map(this.get(conversation).messages.map((message) => [message.sequence, message]));
    for (const message of messages) {
      const held = bySequence.get(message.sequence);
      if (!held || (held.revision ?? 0) <= (message.revision ?? 0)) bySequence.set(message.sequence, message);
    }
    const merged = [...bySequence.values()].sort((a, b) => a.sequence - b.sequence);
    this.set(conversation, { messages: merged, failed: false });
  }

  private set(conversation: string, change: Partial<Thread>): void {
    this.threads.set(conversation, { ...this.get(conversation), ...change });
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
