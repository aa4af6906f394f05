import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deferred, memoryStore, message } from "../../test/fakes";
import type { Store } from "../bridge";
import type { VisitorMessage } from "../protocol";
import { Refusal, Unreachable } from "./api";
import { Outbox, type Pending } from "./outbox";

const refusal = (status: number, retryAfter = 0) =>
  new Refusal(
    { status, code: "x", detail: "geral", fields: [{ field: "text", code: "x", detail: "porque sim" }] },
    retryAfter,
  );
const text = (id: string): Pending => ({ client_id: id, conversation: "c1", text: `texto ${id}`, at: 1 });

function setUp(store: Store = memoryStore()) {
  const tries: { pending: Pending; resolve(value: VisitorMessage): void; reject(error: unknown): void }[] = [];
  const delivered: string[] = [];
  const outbox = new Outbox({
    store,
    deliver(pending) {
      const { promise, resolve, reject } = deferred<VisitorMessage>();
      tries.push({ pending, resolve, reject });
      return promise;
    },
    delivered: (pending) => delivered.push(pending.client_id),
    changed: () => undefined,
  });
  const settle = () => vi.advanceTimersByTimeAsync(0);
  return { outbox, tries, delivered, settle, store };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => vi.useRealTimers());

describe("Outbox", () => {
  it("delivers one after another, in the order written", async () => {
    const { outbox, tries, delivered, settle } = setUp();
    outbox.add(text("a"));
    outbox.add(text("b"));
    expect(tries).toHaveLength(1);
    tries[0]?.resolve(message(1));
    await settle();
    expect(tries[1]?.pending.client_id).toBe("b");
    tries[1]?.resolve(message(2));
    await settle();
    expect(delivered).toEqual(["a", "b"]);
    expect(outbox.items).toEqual([]);
  });

  it("tries again with the same client id while the server can't be reached", async () => {
    const { outbox, tries, settle } = setUp();
    outbox.add(text("a"));
    tries[0]?.reject(new Unreachable("away"));
    await settle();
    expect(outbox.items[0]?.failed).toBeUndefined();
    await vi.advanceTimersByTimeAsync(750);
    expect(tries[1]?.pending.client_id).toBe("a");
    tries[1]?.reject(new Unreachable("away"));
    await settle();
    // The connection is back: no need to wait any longer.
    outbox.wake();
    expect(tries).toHaveLength(3);
    tries[2]?.resolve(message(1));
    await settle();
    expect(outbox.items).toEqual([]);
  });

  it("never has two tries of one message at once", async () => {
    const { outbox, tries } = setUp();
    outbox.add(text("a"));
    outbox.wake();
    outbox.wake();
    expect(tries).toHaveLength(1);
  });

  it("keeps a refused message with the reason, goes on with the next, and retries on demand", async () => {
    const { outbox, tries, settle } = setUp();
    outbox.add(text("a"));
    outbox.add(text("b"));
    tries[0]?.reject(refusal(422));
    await settle();
    expect(outbox.items.map((item) => item.failed)).toEqual(["porque sim", undefined]);
    expect(tries[1]?.pending.client_id).toBe("b");
    tries[1]?.resolve(message(1));
    await settle();
    outbox.retry("a");
    expect(outbox.items[0]).not.toHaveProperty("failed");
    expect(tries[2]?.pending.client_id).toBe("a");
    outbox.drop("a");
    expect(outbox.items).toEqual([]);
  });

  it("waits as long as the server says when it was too quick", async () => {
    const { outbox, tries, settle } = setUp();
    outbox.add(text("a"));
    tries[0]?.reject(refusal(429, 5000));
    await settle();
    await vi.advanceTimersByTimeAsync(4999);
    expect(tries).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(tries).toHaveLength(2);
  });

  it("survives the page: the next one delivers what this one could not", async () => {
    const store = memoryStore();
    const first = setUp(store);
    first.outbox.add(text("a"));
    first.outbox.add({ ...text("f"), text: "", file: new File(["x"], "x.png") });
    const second = setUp(store);
    expect(second.tries[0]?.pending).toEqual(text("a"));
    // Files can't be kept.
    expect(second.outbox.items.map((item) => item.client_id)).toEqual(["a"]);
    second.tries[0]?.resolve(message(1));
    await second.settle();
    expect(store.get("outbox")).toBeNull();
  });

  it.each(["nonsense", "{}", "null", '[1,null,{"client_id":3}]'])("ignores a store that holds %s", (value) => {
    const store = memoryStore();
    store.set("outbox", value);
    expect(setUp(store).outbox.items).toEqual([]);
  });
});
