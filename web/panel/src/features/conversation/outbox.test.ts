import { type Message, NetworkError, Problem } from "@aceno/contract";
import { describe, expect, it } from "vitest";
import { aMessage, FakeTimers, settle } from "@/app/live/testing.ts";
import { Outbox, type Pending } from "./outbox.ts";

type Answer = "ok" | "lost" | "stored but lost" | "refused" | "overloaded";

function setUp(answers: Answer[] = [], stored: string | null = null) {
  const timers = new FakeTimers();
  /** The server: stores a client id once, whatever happens to the answer. */
  const messages: Message[] = [];
  const attempts: string[] = [];
  const delivered: string[] = [];
  let ids = 0;
  const kept = { value: stored };
  const post = async (pending: Pending): Promise<Message> => {
    attempts.push(pending.text);
    const answer = answers.shift() ?? "ok";
    if (answer === "lost") throw new NetworkError();
    if (answer === "refused") throw problem(422, "validation");
    if (answer === "overloaded") throw problem(503, "unavailable");
    let message = messages.find((each) => each.client_id === pending.client_id);
    if (!message) {
      message = aMessage(messages.length + 1, { client_id: pending.client_id, text: pending.text });
      messages.push(message);
    }
    if (answer === "stored but lost") throw new NetworkError();
    return message;
  };
  const outbox = new Outbox({
    post,
    onDelivered: (message) => delivered.push(message.text),
    timers,
    newId: () => `id${++ids}`,
    store: {
      read: () => kept.value,
      write: (value) => {
        kept.value = value;
      },
    },
  });
  const write = (text: string) => outbox.add("c1", "visitor", { text, file: null });
  return { outbox, timers, messages, attempts, delivered, write, kept };
}

function problem(status: number, code: string): Problem {
  return new Problem({ type: "about:blank", title: "", status, code, detail: code });
}

const states = (outbox: Outbox) => outbox.get().map((item) => `${item.text} ${item.state}`);

describe("Outbox", () => {
  it("sends in the order written, one at a time", async () => {
    const { outbox, write, delivered } = setUp();
    write("a");
    write("b");
    expect(states(outbox)).toEqual(["a sending", "b queued"]);
    await settle();
    expect(delivered).toEqual(["a", "b"]);
    expect(outbox.get()).toEqual([]);
  });

  it("keeps the order over a lost connection and never doubles a message", async () => {
    const { outbox, write, timers, messages, attempts } = setUp(["stored but lost", "lost", "overloaded"]);
    write("a");
    write("b");
    await settle();
    expect(states(outbox)).toEqual(["a waiting", "b queued"]);
    for (const wait of [1_000, 2_000, 4_000]) {
      timers.advance(wait);
      await settle();
    }
    expect(attempts).toEqual(["a", "a", "a", "a", "b"]);
    expect(messages.map((message) => message.text)).toEqual(["a", "b"]);
    expect(outbox.get()).toEqual([]);
  });

  it("tries at once when the connection is back", async () => {
    const { outbox, write, messages } = setUp(["lost"]);
    write("a");
    await settle();
    outbox.flush();
    await settle();
    expect(messages).toHaveLength(1);
  });

  it("shows a refusal, lets the next pass, and can send again or discard", async () => {
    const { outbox, write, delivered, messages } = setUp(["refused", "ok", "refused"]);
    write("bad");
    write("good");
    await settle();
    expect(states(outbox)).toEqual(["bad failed"]);
    expect(outbox.get()[0]?.problem?.code).toBe("validation");
    expect(delivered).toEqual(["good"]);
    const id = outbox.get()[0]?.client_id ?? "";
    outbox.resend(id);
    await settle();
    expect(states(outbox)).toEqual(["bad failed"]);
    outbox.discard(id);
    expect(outbox.get()).toEqual([]);
    expect(messages).toHaveLength(1);
  });

  it("forgets a message whose event came although the answer was lost", async () => {
    const { outbox, write, timers, messages, attempts } = setUp(["stored but lost"]);
    write("a");
    await settle();
    outbox.delivered(messages[0] as Message);
    timers.advance(60_000);
    await settle();
    expect(outbox.get()).toEqual([]);
    expect(attempts).toEqual(["a"]);
  });

  it("survives a reload with the same id", async () => {
    const before = setUp(["lost"]);
    before.write("a");
    await settle();
    const after = setUp([], before.kept.value);
    expect(states(after.outbox)).toEqual(["a waiting"]);
    after.outbox.flush();
    await settle();
    expect(after.messages.map((message) => message.client_id)).toEqual(["id1"]);
    expect(after.kept.value).toBeNull();
  });

  it("starts empty on a damaged store", () => {
    expect(setUp([], "{").outbox.get()).toEqual([]);
    expect(setUp([], '[{"text":1}]').outbox.get()).toEqual([]);
  });
});
