import type { Store } from "../bridge";
import type { VisitorMessage } from "../protocol";
import { Refusal } from "./api";

/** A message of the visitor's that the server has not confirmed yet. */
export interface Pending {
  client_id: string;
  conversation: string;
  text: string;
  /** Files live in memory only: they don't survive the page. */
  file?: File;
  at: number;
  /** Why it will not be tried again by itself; absent while it is on its way. */
  failed?: string;
}

export interface OutboxOptions {
  store: Store;
  /** Delivers one message; rejects with Refusal or Unreachable. Repeating it is harmless: the client id makes it one message. */
  deliver(pending: Pending): Promise<VisitorMessage>;
  /** Called with each confirmed message. */
  delivered(pending: Pending, message: VisitorMessage): void;
  changed(): void;
}

const firstDelay = 1000;
const longestDelay = 15_000;

/**
 * The visitor's unconfirmed messages, delivered one after another in the order they were written. Texts survive page changes
 * and reloads where the browser lets us store them; nothing is given up by itself as long as trying again can help.
 */
export class Outbox {
  #items: readonly Pending[];
  #running = false;
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: OutboxOptions) {
    this.#items = read(options.store);
    if (this.#items.length) this.wake();
  }

  get items(): readonly Pending[] {
    return this.#items;
  }

  add(pending: Pending): void {
    this.#change([...this.#items, pending]);
    void this.#run();
  }

  /** Sends a failed message again. */
  retry(clientId: string): void {
    this.#change(
      this.#items.map((item) => {
        if (item.client_id !== clientId) return item;
        const { failed: _, ...again } = item;
        return again;
      }),
    );
    this.wake();
  }

  /** Forgets a message: the visitor gave it up, or the server has it. */
  drop(clientId: string): void {
    if (this.#items.some((item) => item.client_id === clientId))
      this.#change(this.#items.filter((item) => item.client_id !== clientId));
  }

  /** Tries now: the connection is back. */
  wake(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#attempts = 0;
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running || this.#timer !== undefined) return;
    this.#running = true;
    for (let next = this.#next(); next; next = this.#next()) {
      try {
        const message = await this.options.deliver(next);
        this.#attempts = 0;
        this.options.delivered(next, message);
        this.drop(next.client_id);
      } catch (error) {
        const wait = this.#settle(next, error);
        if (wait > 0) {
          this.#timer = setTimeout(() => {
            this.#timer = undefined;
            void this.#run();
          }, wait);
          break;
        }
      }
    }
    this.#running = false;
  }

  /** Decides after a failure: the milliseconds to wait before the next try, or 0 when this one is given up. */
  #settle(pending: Pending, error: unknown): number {
    if (error instanceof Refusal && !error.retryAfter) {
      const detail = error.problem.fields?.[0]?.detail || error.problem.detail || error.problem.code;
      this.#change(
        this.#items.map((item) => (item.client_id === pending.client_id ? { ...item, failed: detail } : item)),
      );
      return 0;
    }
    const spread = Math.min(longestDelay, firstDelay * 2 ** this.#attempts++);
    return error instanceof Refusal ? error.retryAfter : spread / 2 + (Math.random() * spread) / 2;
  }

  #next(): Pending | undefined {
    return this.#items.find((item) => item.failed === undefined);
  }

  #change(items: readonly Pending[]): void {
    this.#items = items;
    const kept = items.filter((item) => !item.file);
    this.options.store.set("outbox", kept.length ? JSON.stringify(kept) : null);
    this.options.changed();
  }
}

/** What an earlier page left; anything that does not look like ours is ignored. */
function read(store: Store): readonly Pending[] {
  try {
    const kept: unknown = JSON.parse(store.get("outbox") ?? "[]");
    return Array.isArray(kept) ? kept.filter(isPending) : [];
  } catch {
    return [];
  }
}

function isPending(value: unknown): value is Pending {
  const item = value as Partial<Pending> | null;
  return (
    typeof item?.client_id === "string" &&
    typeof item.conversation === "string" &&
    typeof item.text === "string" &&
    typeof item.at === "number"
  );
}
