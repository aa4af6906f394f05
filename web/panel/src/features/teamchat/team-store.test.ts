import { type LiveEvent, NetworkError, Problem, type TeamMessage, type TeamRoom } from "@aceno/contract";
import { describe, expect, it } from "vitest";
import { FakeTimers, settle } from "@/app/live/testing.ts";
import { totalUnread } from "./team-state.ts";
import { TeamStore } from "./team-store.ts";

function aMessage(sequence: number, change: Partial<TeamMessage> = {}): TeamMessage {
  const id = `m${sequence}`;
  return {
    id,
    sequence,
    client_id: `c${sequence}`,
    author_id: "bruno",
    author_name: "Bruno",
    text: `texto ${sequence}`,
    mentions: [],
    file: null,
    at: sequence,
    ...change,
  };
}

function aRoom(id: string, last: number, read: number, change: Partial<TeamRoom> = {}): TeamRoom {
  const shown = { text: "", author_id: "bruno", author_name: "Bruno", at: 0 };
  return {
    id,
    department_id: null,
    last_sequence: last,
    read_sequence: read,
    seen_sequence: 0,
    mentions: 0,
    last: shown,
    ...change,
  };
}

let position = 0;

function said(message: TeamMessage, department: string | null = null): LiveEvent {
  const payload = { department_id: department, agent_ids: department ? [] : ["ana", "bruno"], message };
  return { t: "event", position: ++position, at: 0, kind: "team.message", payload };
}

async function setUp(rooms: TeamRoom[] = []) {
  const timers = new FakeTimers();
  const calls: string[] = [];
  const news: string[] = [];
  const server = {
    rooms,
    /** By room; the newest last. */
    messages: {} as Record<string, TeamMessage[]>,
    answers: [] as (() => Promise<TeamMessage>)[],
  };
  const store = new TeamStore({
    me: "ana",
    api: {
      rooms: async () => ({ rooms: server.rooms }),
      messages: async (room, { after, before, limit = 50 }) => {
        calls.push(`messages ${room} ${after ?? ""}/${before ?? ""}`);
        const all = server.messages[room] ?? [];
        const found = all.filter((m) => m.sequence > (after ?? 0) && m.sequence < (before ?? Number.POSITIVE_INFINITY));
        const page = after === undefined ? found.slice(-limit) : found.slice(0, limit);
        return { messages: page, more: page.length < found.length };
      },
      post: (room, { client_id, text }) => {
        calls.push(`post ${room} ${client_id} ${text}`);
        return server.answers.shift()?.() ?? Promise.reject(new NetworkError(null));
      },
      postFile: () => Promise.reject(new NetworkError(null)),
      read: async (room, sequence) => calls.push(`read ${room} ${sequence}`),
    },
    timers,
    newId: () => `n${calls.length}`,
    onNews: (room, { message }) => news.push(`${room} ${message.sequence}`),
  });
  store.load();
  await settle();
  return { store, timers, calls, news, server };
}

describe("what is unread", () => {
  it("counts what others say, and nothing twice", async () => {
    const { store, news } = await setUp([aRoom("bruno", 1, 1)]);
    store.receive(said(aMessage(2)));
    store.receive(said(aMessage(2)));
    store.receive(said(aMessage(3, { author_id: "ana", author_name: "Ana" })));
    store.receive(said(aMessage(4, { mentions: ["ana"] })));
    expect(store.get().rooms?.bruno).toMatchObject({ last_sequence: 4, read_sequence: 3, mentions: 1 });
    expect(store.get().rooms?.bruno?.last.text).toBe("texto 4");
    expect(news).toEqual(["bruno 2", "bruno 4"]);
  });

  it("begins a room with its first message", async () => {
    const { store } = await setUp();
    store.receive(said(aMessage(1), "sales"));
    expect(store.get().rooms?.sales).toMatchObject({ department_id: "sales", last_sequence: 1, read_sequence: 0 });
  });

  it("is read while the room is looked at, also for the other tabs", async () => {
    const { store, calls, news } = await setUp([aRoom("bruno", 3, 1)]);
    store.watch("bruno", true);
    store.receive(said(aMessage(4)));
    expect(calls).toEqual(["read bruno 3", "read bruno 4"]);
    store.watch("bruno", false);
    store.receive(said(aMessage(5)));
    expect(news).toEqual(["bruno 5"]);
    const read = { department_id: null, agent_ids: ["ana", "bruno"], agent_id: "ana", sequence: 5 };
    store.receive({ t: "event", position: ++position, at: 0, kind: "team.read", payload: read });
    expect(store.get().rooms?.bruno).toMatchObject({ read_sequence: 5, mentions: 0 });
  });

  it("shows how far the other has read", async () => {
    const { store } = await setUp([aRoom("bruno", 3, 3)]);
    for (const sequence of [2, 1]) {
      const read = { department_id: null, agent_ids: ["ana", "bruno"], agent_id: "bruno", sequence };
      store.receive({ t: "event", position: ++position, at: 0, kind: "team.read", payload: read });
    }
    expect(store.get().rooms?.bruno).toMatchObject({ seen_sequence: 2, read_sequence: 3 });
  });

  it("counts of rooms that are only supervised what mentions me", () => {
    const rooms = {
      bruno: aRoom("bruno", 5, 3),
      sales: aRoom("sales", 9, 5, { department_id: "sales" }),
      help: aRoom("help", 9, 0, { department_id: "help", mentions: 1 }),
    };
    expect(totalUnread(rooms, ["sales"])).toBe(7);
  });
});

describe("the messages of a room", () => {
  it("come in pages, and what is missing is asked for", async () => {
    const { store, server, calls } = await setUp();
    server.messages.bruno = Array.from({ length: 60 }, (_, index) => aMessage(index + 1));
    store.enter("bruno");
    await settle();
    expect(
      store
        .get()
        .threads.bruno?.messages.map((m) => m.sequence)
        .at(0),
    ).toBe(11);
    store.older("bruno");
    await settle();
    expect(store.get().threads.bruno).toMatchObject({ more: false });
    expect(store.get().threads.bruno?.messages).toHaveLength(60);
    server.messages.bruno.push(aMessage(61), aMessage(62));
    store.receive(said(aMessage(62)));
    await settle();
    expect(store.get().threads.bruno?.messages).toHaveLength(62);
    expect(calls).toEqual(["messages bruno /", "messages bruno /11", "messages bruno 60/"]);
  });

  it("are asked for again after a break of the stream", async () => {
    const { store, server } = await setUp();
    server.messages.bruno = [aMessage(1)];
    store.enter("bruno");
    await settle();
    server.messages.bruno.push(aMessage(2));
    server.rooms = [aRoom("bruno", 2, 1)];
    store.load();
    await settle();
    expect(store.get().threads.bruno?.messages).toHaveLength(2);
    expect(store.get().rooms?.bruno?.last_sequence).toBe(2);
  });
});

describe("sending", () => {
  const content = (text: string) => ({ text, mentions: [], file: null });

  it("repeats with the same id until there is an answer, in the order written", async () => {
    const { store, server, calls, timers } = await setUp();
    store.enter("bruno");
    await settle();
    calls.length = 0;
    store.send("bruno", content("um"));
    store.send("bruno", content("dois"));
    await settle();
    expect(store.get().outgoing.map((item) => item.state)).toEqual(["waiting", "sending"]);
    const sent = store.get().outgoing.map((item) => item.client_id);
    server.answers = sent.map(
      (id, index) => async () => aMessage(index + 1, { client_id: id, author_id: "ana", author_name: "Ana" }),
    );
    timers.advance(1_000);
    await settle();
    expect(calls).toEqual([`post bruno ${sent[0]} um`, `post bruno ${sent[0]} um`, `post bruno ${sent[1]} dois`]);
    expect(store.get().outgoing).toEqual([]);
    expect(store.get().threads.bruno?.messages).toHaveLength(2);
  });

  it("keeps a refused message with its reason and lets the next one pass", async () => {
    const { store, server } = await setUp();
    const body = { type: "about:blank", title: "", status: 409, code: "team_member_inactive", detail: "Inativa." };
    server.answers = [() => Promise.reject(new Problem(body)), async () => aMessage(1, { author_id: "ana" })];
    store.send("davi", content("um"));
    store.send("davi", content("dois"));
    await settle();
    const [refused, ...others] = store.get().outgoing;
    expect(refused).toMatchObject({ text: "um", state: "failed" });
    expect(others).toEqual([]);
    store.discard(refused?.client_id ?? "");
    expect(store.get().outgoing).toEqual([]);
  });

  it("takes its event for the answer", async () => {
    const { store } = await setUp();
    store.send("bruno", content("um"));
    await settle();
    const id = store.get().outgoing[0]?.client_id ?? "";
    store.receive(said(aMessage(1, { client_id: id, author_id: "ana" })));
    expect(store.get().outgoing).toEqual([]);
  });
});
