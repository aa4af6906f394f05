import type { VisitorMessage } from "../protocol";

/**
 * The messages of one conversation in order, without gaps and without doubles, whatever way and however often they come.
 * A message that comes too early waits aside until the ones before it were fetched.
 */
export class Timeline {
  #messages: readonly VisitorMessage[] = [];
  #early = new Map<number, VisitorMessage>();

  /** From sequence 1 on, without a gap. A new array after each change. */
  get messages(): readonly VisitorMessage[] {
    return this.#messages;
  }

  /** The newest sequence without a gap before it; 0 when there is none. */
  get last(): number {
    return this.#messages.length;
  }

  /** Takes newer copies of messages that are in line; false when there was none. */
  renew(...copies: VisitorMessage[]): boolean {
    const newer = copies.filter(({ sequence, revision = 0 }) => {
      const held = this.#messages[sequence - 1];
      return held && revision > (held.revision ?? 0);
    });
    if (newer.length) {
      this.#messages = this.#messages.map((held) => newer.find(({ sequence }) => sequence === held.sequence) ?? held);
    }
    return newer.length > 0;
  }

  /** Takes messages in any order and returns those that are new in line. */
  accept(...incoming: VisitorMessage[]): VisitorMessage[] {
    for (const message of incoming) if (message.sequence > this.last) this.#early.set(message.sequence, message);
    const added: VisitorMessage[] = [];
    for (let next = this.#early.get(this.last + 1); next; next = this.#early.get(this.last + added.length + 1)) {
      added.push(next);
      this.#early.delete(next.sequence);
    }
    if (added.length) this.#messages = [...this.#messages, ...added];
    return added;
  }

  /** Whether a message waits for one before it. */
  get gap(): boolean {
    return this.#early.size > 0;
  }
}
