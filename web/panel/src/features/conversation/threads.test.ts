import type { Message, MessagePage } from "@aceno/contract";
import { describe, expect, it, vi } from "vitest";
import { aConversation, aMessage, settle } from "@/app/live/testing.ts";
import { type LoadMessages, Threads } from "./threads.ts";

function server(count: number) {
  const all = Array.from({ length: count }, (_, i) => aMessage(i + 1));
  const load = vi.fn<LoadMessages>(async (_conversation, { after, before, limit }): Promise<MessagePage> => {
    if (after !== undefined) {
      const found = all.filter((message) => message.sequence > after);
      return { messages: found.slice(0, limit), more: found.length > limit };
    }
    const found = all.filter((message) => before === undefined || message.sequence < before);
    return { messages: found.slice(-limit), more: found.length > limit };
  });
  return { all, load };
}

function event(message: Message) {
  return {
    t: "event" as const,
    position: message.sequence,
    at: 0,
    kind: "conversation.message" as const,
    payload: { conversation_id: "c1", message, conversation: aConversation() },
  };
}

const sequences = (threads: Threads) => threads.get("c1").messages.map((message) => message.sequence);

describe("Threads", () => {
  it("loads the newest page, then older ones on demand", async () => {
    const { load } = server(120);
    const threads = new Threads(load, () => {});
    threads.open("c1");
    threads.open("c1");
    await settle();
    expect(load).toHaveBeenCalledOnce();
    expect([sequences(threads)[0], sequences(threads).at(-1), threads.get("c1").more]).toEqual([71, 120, true]);
    threads.older("c1");
    await settle();
    threads.older("c1");
    await settle();
    expect([sequences(threads).length, threads.get("c1").more]).toEqual([120, false]);
  });

  it("takes newer copies of what it holds, by event and when catching up", async () => {
    const { all, load } = server(3);
    const threads = new Threads(load, () => {});
    threads.open("c1");
    await settle();
    const edited = aMessage(2, { text: "edited", revision: 2 });
    threads.receive({ ...event(edited), kind: "conversation.message_changed" });
    threads.renew([aMessage(2, { text: "late", revision: 1 }), aMessage(9, { revision: 1 })]);
    expect(threads.get("c1").messages[1]?.text).toBe("edited");
    load.mockResolvedValueOnce({ messages: [], more: false, changed: [{ ...edited, text: "again", revision: 3 }] });
    threads.refresh();
    await settle();
    expect(threads.get("c1").messages.map(({ text }) => text)).toEqual([all[0]?.text, "again", all[2]?.text]);
  });

  it("adds what comes, once, and fetches what is missing between", async () => {
    const { all, load } = server(3);
    const threads = new Threads(load, () => {});
    threads.open("c1");
    await settle();
    threads.receive(event(aMessage(4)));
    threads.receive(event(aMessage(4)));
    all.push(aMessage(4), aMessage(5), aMessage(6), aMessage(7));
    threads.receive(event(aMessage(7)));
    await settle();
    expect(sequences(threads)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it("asks for what came after a break", async () => {
    const { all, load } = server(2);
    const taken: number[] = [];
    const threads = new Threads(load, (message) => taken.push(message.sequence));
    threads.open("c1");
    await settle();
    all.push(aMessage(3));
    threads.refresh();
    await settle();
    expect(sequences(threads)).toEqual([1, 2, 3]);
    expect(taken).toEqual([3]);
  });

  it("says that loading failed and can be asked again", async () => {
    const { load } = server(1);
    load.mockRejectedValueOnce(new Error("down"));
    const threads = new Threads(load, () => {});
    threads.open("c1");
    await settle();
    expect(threads.get("c1").failed).toBe(true);
    threads.open("c1");
    await settle();
    expect(sequences(threads)).toEqual([1]);
    expect(threads.get("c1").failed).toBe(false);
  });
});
