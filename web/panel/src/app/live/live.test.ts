import type { GridFrame, GridView, LiveEvent, LiveServerFrame, Snapshot } from "@aceno/contract";
import { describe, expect, it } from "vitest";
import { Live } from "./live.ts";
import { aConversation, aMessage, aSnapshot, FakeBrowser, FakeSocket, FakeTimers, settle } from "./testing.ts";

const view: GridView = {
  sort: [],
  text: "",
  states: [],
  site_ids: [],
  department_ids: [],
  countries: [],
  devices: [],
  agent_ids: [],
  min_seconds_on_site: 0,
};

function queued(position: number): LiveServerFrame {
  return {
    t: "event",
    position,
    at: position,
    kind: "conversation.queued",
    payload: { conversation: aConversation({ state: "waiting", agent_id: null }) },
  };
}

function claimed(position: number, version = position): LiveServerFrame {
  return {
    t: "event",
    position,
    at: position,
    kind: "conversation.claimed",
    payload: { conversation: aConversation({ version }) },
  };
}

function setUp() {
  const timers = new FakeTimers();
  const browser = new FakeBrowser();
  const sockets: FakeSocket[] = [];
  const server = { snapshot: aSnapshot(10), stands: true, loads: 0, load: null as (() => Promise<Snapshot>) | null };
  const open = async (tab: string) => {
    const live = new Live({
      tab,
      agentId: "ana",
      openSocket: () => {
        const socket = new FakeSocket();
        sockets.push(socket);
        return socket;
      },
      loadSnapshot: () => {
        server.loads++;
        return server.load ? server.load() : Promise.resolve(server.snapshot);
      },
      sessionStands: async () => server.stands,
      timers,
      channel: browser.channel(),
      locks: browser.locks(),
    });
    const events: LiveEvent[] = [];
    live.onEvent((event) => events.push(event));
    live.start();
    await settle();
    return { live, events, positions: () => events.map((event) => event.position) };
  };
  const socket = () => sockets.at(-1) as FakeSocket;
  const connect = (position = 10) => {
    socket().accept();
    socket().push({ t: "ready", position, now: timers.now() + 500 });
  };
  return { timers, sockets, server, open, socket, connect };
}

describe("one tab", () => {
  it("starts from the snapshot's position and says that it is live", async () => {
    const { open, socket, connect } = setUp();
    const { live } = await open("a");
    expect(live.getView().link.status).toBe("connecting");
    connect();
    expect(socket().of("start")).toEqual([{ t: "start", position: 10 }]);
    expect(live.getView()).toMatchObject({ leading: true, clockOffset: 500, link: { status: "live" } });
  });

  it("applies an event once, however often it comes", async () => {
    const { open, socket, connect } = setUp();
    const { live, positions } = await open("a");
    connect();
    for (const position of [11, 12, 12, 11]) socket().push(queued(position));
    expect(positions()).toEqual([11, 12]);
    expect(live.getView().state?.position).toBe(12);
  });

  it("comes back with the last position, later after each failure", async () => {
    const { open, socket, sockets, connect, timers } = setUp();
    const { live, positions } = await open("a");
    connect();
    socket().push(queued(11));
    socket().cut(1006);
    expect(live.getView().link).toMatchObject({ status: "reconnecting", retryAt: timers.now() + 200 });
    timers.advance(200);
    expect(sockets).toHaveLength(2);
    socket().cut(1006);
    await settle();
    expect(live.getView().link.retryAt).toBe(timers.now() + 400);
    timers.advance(400);
    connect(11);
    expect(socket().of("start")).toEqual([{ t: "start", position: 11 }]);
    socket().push(queued(11));
    socket().push(queued(12));
    expect(positions()).toEqual([11, 12]);
  });

  it("waits as long as the server asks before coming back", async () => {
    const { open, socket, sockets, connect, timers } = setUp();
    await open("a");
    connect();
    socket().push({ t: "bye", code: 1012, reason: "restart", retry: 5000 });
    socket().cut(1012);
    timers.advance(5000);
    expect(sockets).toHaveLength(1);
    timers.advance(200);
    expect(sockets).toHaveLength(2);
  });

  it("loads the snapshot again when told to, then starts from there", async () => {
    const { open, socket, server } = setUp();
    const { live } = await open("a");
    socket().accept();
    server.snapshot = aSnapshot(900, { conversations: [aConversation()] });
    socket().push({ t: "reload" });
    await settle();
    expect(socket().of("start")).toEqual([
      { t: "start", position: 10 },
      { t: "start", position: 900 },
    ]);
    expect(Object.keys(live.getView().state?.conversations ?? {})).toEqual(["c1"]);
  });

  it("ends with the reason and does not come back", async () => {
    const { open, socket, connect, timers, sockets } = setUp();
    const { live } = await open("a");
    connect();
    socket().cut(4001, "replaced");
    timers.advance(60_000);
    expect(live.getView().link).toMatchObject({ status: "ended", endReason: "replaced" });
    expect(sockets).toHaveLength(1);
  });

  it("asks whether the session stands when the socket cannot be opened", async () => {
    const { open, socket, server } = setUp();
    const { live } = await open("a");
    server.stands = false;
    socket().cut(1006);
    await settle();
    expect(live.getView().link).toMatchObject({ status: "ended", endReason: "expired" });
  });

  it("drops a line that went silent and opens it again", async () => {
    const { open, connect, timers, sockets } = setUp();
    const tab = await open("a");
    connect();
    timers.advance(39_000);
    tab.live.beat();
    expect(sockets).toHaveLength(1);
    timers.advance(1_000);
    tab.live.beat();
    expect(sockets).toHaveLength(2);
    expect(sockets[0]?.closed).toBe(true);
  });

  it("keeps trying for the first snapshot", async () => {
    const { open, server, timers, sockets } = setUp();
    server.load = () => Promise.reject(new Error("down"));
    const { live } = await open("a");
    expect(live.getView()).toMatchObject({ state: null, failing: true });
    server.load = null;
    timers.advance(3_000);
    await settle();
    expect(live.getView()).toMatchObject({ failing: false });
    expect(sockets).toHaveLength(1);
  });

  it("asks for its grid again on a new socket, under a new number", async () => {
    const { open, connect, socket, timers } = setUp();
    const { live } = await open("a");
    const frames: GridFrame[] = [];
    const window = live.openGrid({ view, offset: 0, length: 50 }, (frame) => frames.push(frame));
    connect();
    const first = socket().of("grid").at(-1)?.id ?? 0;
    window.move({ offset: 100, length: 50 });
    expect(socket().of("grid").at(-1)).toMatchObject({ id: first, offset: 100 });
    socket().cut();
    timers.advance(200);
    connect();
    const again = socket().of("grid").at(-1);
    expect(again).toMatchObject({ offset: 100 });
    expect(again?.id).not.toBe(first);
    socket().push(gridFrame(first));
    socket().push(gridFrame(again?.id ?? 0));
    expect(frames.map((frame) => frame.id)).toEqual([again?.id]);
  });
});

function gridFrame(id: number): GridFrame {
  return { t: "grid", id, offset: 0, total: 0, all: 0, counts: {}, bots: 0, idle: 0 };
}

it("tells what the server refused", async () => {
  const { open, connect, socket } = setUp();
  const { live } = await open("a");
  connect();
  const refused: string[] = [];
  live.onFault(({ ref, problem }) => refused.push(`${ref} ${problem.code}`));
  const problem = { type: "about:blank", title: "", status: 403, code: "forbidden", detail: "" };
  socket().push({ t: "error", ref: "grid", problem });
  expect(refused).toEqual(["grid forbidden"]);
});

describe("several tabs", () => {
  it("share one socket and the same events", async () => {
    const { open, connect, socket, sockets } = setUp();
    const a = await open("a");
    connect();
    const b = await open("b");
    expect(sockets).toHaveLength(1);
    expect(b.live.getView()).toMatchObject({ leading: false, link: { status: "live" } });
    socket().push(claimed(11));
    expect(b.positions()).toEqual([11]);
    expect(b.live.getView().state?.conversations.c1).toEqual(a.live.getView().state?.conversations.c1);
  });

  it("get each its own grid window over the leader's socket", async () => {
    const { open, connect, socket } = setUp();
    const a = await open("a");
    connect();
    const b = await open("b");
    const heard: string[] = [];
    a.live.openGrid({ view, offset: 0, length: 10 }, () => heard.push("a"));
    const windowOfB = b.live.openGrid({ view, offset: 500, length: 10 }, () => heard.push("b"));
    const [first, second] = socket().of("grid");
    expect(second).toMatchObject({ offset: 500 });
    socket().push(gridFrame(second?.id ?? 0));
    socket().push(gridFrame(first?.id ?? 0));
    expect(heard).toEqual(["b", "a"]);
    windowOfB.close();
    expect(socket().of("grid_close")).toEqual([{ t: "grid_close", id: second?.id }]);
  });

  it("hand over when the leader goes: nothing lost, nothing twice", async () => {
    const { open, connect, socket, sockets } = setUp();
    const a = await open("a");
    connect();
    const b = await open("b");
    b.live.openGrid({ view, offset: 7, length: 10 }, () => {});
    socket().push(queued(11));
    a.live.stop();
    await settle();
    expect(b.live.getView().leading).toBe(true);
    expect(sockets).toHaveLength(2);
    connect(11);
    expect(socket().of("start")).toEqual([{ t: "start", position: 11 }]);
    expect(socket().of("grid").at(-1)).toMatchObject({ offset: 7 });
    socket().push(queued(11));
    socket().push(queued(12));
    expect(b.positions()).toEqual([11, 12]);
  });

  it("take the lead from one that sleeps, and it follows when it wakes", async () => {
    const { open, connect, socket, sockets, timers } = setUp();
    const a = await open("a");
    connect();
    const b = await open("b");
    b.live.openGrid({ view, offset: 3, length: 10 }, () => {});
    timers.advance(39_000);
    b.live.beat();
    expect(sockets).toHaveLength(1);
    timers.advance(1_000);
    b.live.beat();
    await settle();
    expect([a.live.getView().leading, b.live.getView().leading]).toEqual([false, true]);
    expect(sockets[0]?.closed).toBe(true);
    connect();
    expect(socket().of("grid")).toMatchObject([{ offset: 3 }]);
    expect(a.live.getView().link.status).toBe("live");
    socket().push(queued(11));
    expect([a.positions(), b.positions()]).toEqual([[11], [11]]);
    b.live.stop();
    await settle();
    expect(a.live.getView().leading).toBe(true);
  });

  it("leave a sleeping leader alone while nobody looks at them", async () => {
    const { open, connect, sockets, timers } = setUp();
    await open("a");
    connect();
    const b = await open("b");
    b.live.reportSelf({ visible: false });
    timers.advance(120_000);
    b.live.beat();
    await settle();
    expect(sockets).toHaveLength(1);
  });

  it("follow their visits in turn over the one place there is", async () => {
    const { open, connect, socket } = setUp();
    const a = await open("a");
    connect();
    const b = await open("b");
    a.live.followVisit("v1", () => {});
    const updates: boolean[] = [];
    b.live.followVisit("v2", (update) => updates.push(update.gone));
    socket().push({ t: "visit", id: "v2", gone: true, visit: null });
    a.live.beat();
    a.live.beat();
    expect(
      socket()
        .of("visit")
        .map((frame) => frame.id),
    ).toEqual(["v1", "v2", "v1", "v2"]);
    expect(updates).toEqual([true]);
  });

  it("tell the new leader what they are watching", async () => {
    const { open, connect, socket } = setUp();
    const a = await open("a");
    connect();
    const b = await open("b");
    const c = await open("c");
    c.live.openGrid({ view, offset: 33, length: 10 }, () => {});
    c.live.reportSelf({ visible: false, awake: true, sound: true, viewing: null });
    a.live.stop();
    await settle();
    expect(b.live.getView().leading).toBe(true);
    connect();
    expect(
      socket()
        .of("grid")
        .map((frame) => frame.offset),
    ).toEqual([33]);
    expect(socket().of("presence").at(-1)).toEqual({ t: "presence", awake: true, sound: true, quiet: false });
  });

  it("load the snapshot again when something was missed", async () => {
    const { open, connect, socket, server } = setUp();
    await open("a");
    connect();
    server.snapshot = aSnapshot(5);
    const b = await open("b");
    server.snapshot = aSnapshot(11, { conversations: [aConversation()] });
    const loads = server.loads;
    socket().push(queued(11));
    await settle();
    expect(server.loads).toBe(loads + 1);
    expect(b.live.getView().state?.position).toBe(11);
  });

  it("apply what came while the snapshot was on its way", async () => {
    const { open, connect, socket, server } = setUp();
    await open("a");
    connect();
    let answer: (snapshot: Snapshot) => void = () => {};
    server.load = () => new Promise((resolve) => (answer = resolve));
    const b = await open("b");
    socket().push(queued(11));
    socket().push(claimed(12));
    answer(aSnapshot(11));
    await settle();
    expect(b.positions()).toEqual([12]);
    expect(b.live.getView().state?.conversations.c1?.state).toBe("active");
  });

  it("let one of them sound, one that may", async () => {
    const { open, connect } = setUp();
    const a = await open("a");
    connect();
    const b = await open("b");
    const rung: string[] = [];
    a.live.onRing(() => rung.push("a"));
    b.live.onRing((sound) => rung.push(`b ${sound}`));
    expect(a.live.ring("message")).toBe(false);
    b.live.reportSelf({ visible: false, awake: true, sound: true, viewing: null });
    expect(a.live.ring("message")).toBe(true);
    expect(rung).toEqual(["b message"]);
  });

  it("say nothing more once they are closed", async () => {
    const { open, connect } = setUp();
    await open("a");
    connect();
    const { live } = await open("b");
    const window = live.openGrid({ view, offset: 0, length: 10 }, () => {});
    const unfollow = live.followVisit("visit1", () => {});
    live.stop();
    expect(() => {
      window.close();
      unfollow();
      live.reportSelf({ viewing: null });
    }).not.toThrow();
  });

  it("all learn that the session ended", async () => {
    const { open, connect, socket } = setUp();
    await open("a");
    connect();
    const b = await open("b");
    socket().cut(4001, "signed_out");
    expect(b.live.getView().link).toMatchObject({ status: "ended", endReason: "signed_out" });
  });
});

describe("the state", () => {
  it("passes over an event it does not know", async () => {
    const { open, connect, socket } = setUp();
    const { live } = await open("a");
    connect();
    socket().push(JSON.parse('{"t":"event","position":11,"at":0,"kind":"moon.risen","payload":{}}'));
    socket().push(claimed(12));
    expect(live.getView().state).toMatchObject({ position: 12, me: { agent: { id: "ana" } } });
  });

  it("drops a conversation that went back to the queue, with what its visitor was typing", async () => {
    const { open, connect, socket } = setUp();
    const { live } = await open("a");
    connect();
    socket().push(claimed(11, 2));
    socket().push({ t: "typing", conversation: "c1", on: true, text: "e chega até" });
    expect(live.getView().state?.typing.c1?.text).toBe("e chega até");
    const returned = aConversation({ state: "waiting", agent_id: null, version: 3 });
    const event: LiveServerFrame = {
      t: "event",
      position: 12,
      at: 0,
      kind: "conversation.returned",
      payload: { conversation: returned, former_agent_id: "ana", reason: "absent" },
    };
    socket().push(event);
    expect(live.getView().state).toMatchObject({ conversations: {}, typing: {} });
  });

  it("keeps the newer copy when an older answer arrives late", async () => {
    const { open, connect, socket } = setUp();
    const { live } = await open("a");
    connect();
    socket().push(claimed(11, 5));
    live.adopt(aConversation({ version: 4, state: "ended" }));
    expect(live.getView().state?.conversations.c1).toMatchObject({ version: 5, state: "active" });
  });

  it("never moves a read mark back, and stops the peek when the message came", async () => {
    const { open, connect, socket } = setUp();
    const { live } = await open("a");
    connect();
    socket().push(claimed(11, 1));
    socket().push({ t: "typing", conversation: "c1", on: true, text: "oi" });
    const seen = (position: number, sequence: number): LiveServerFrame => ({
      t: "event",
      position,
      at: 0,
      kind: "conversation.seen",
      payload: { conversation_id: "c1", by: "agent", sequence },
    });
    socket().push(seen(12, 7));
    socket().push(seen(13, 4));
    const message: LiveServerFrame = {
      t: "event",
      position: 14,
      at: 0,
      kind: "conversation.message",
      payload: { conversation_id: "c1", message: aMessage(8), conversation: aConversation({ version: 1 }) },
    };
    socket().push(message);
    expect(live.getView().state?.conversations.c1?.agent_seen_sequence).toBe(7);
    expect(live.getView().state?.typing.c1).toBeUndefined();
  });
});
