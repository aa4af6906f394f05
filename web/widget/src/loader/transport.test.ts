// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deferred, FakeSocket, stubSocket, welcome } from "../../test/fakes";
import type { Link } from "../bridge";
import { startPoll } from "../page/poll";
import type { ClientFrame, ServerFrame } from "../protocol";
import { createTransport } from "./transport";

const hello = { t: "hello", tab: "tab" } as ClientFrame;

function setUp() {
  const links: Link[] = [];
  const frames: ServerFrame[] = [];
  let until = 0;
  const transport = createTransport({
    address: (route) => `https://chat.example/v/${route}?k=key`,
    hello: () => hello,
    frame: (frame) => frames.push(frame),
    link: (link) => links.push(link),
    pollUntil(value) {
      until = value ?? until;
      return until;
    },
    poll: startPoll,
  });
  return { transport, links, frames, pollUntil: () => until };
}

/** A fetch whose answers the test gives, request by request. */
function stubPolls() {
  const polls: {
    url: string;
    body: { c: string; ack: number; frames: ClientFrame[]; wait: boolean };
    signal: AbortSignal;
    answer(value: unknown, status?: number): Promise<void>;
    fail(): Promise<void>;
  }[] = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    const { promise, resolve, reject } = deferred<Response>();
    const signal = init.signal as AbortSignal;
    signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
    const flush = () => vi.advanceTimersByTimeAsync(0);
    polls.push({
      url,
      body: JSON.parse(init.body as string),
      signal,
      async answer(value, status = 200) {
        resolve(new Response(JSON.stringify(value), { status }));
        await flush();
      },
      async fail() {
        reject(new TypeError("network"));
        await flush();
      },
    });
    return promise;
  });
  return polls;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  stubSocket();
});
afterEach(() => vi.useRealTimers());

describe("over a socket", () => {
  it("says hello first, then passes frames both ways once welcomed", () => {
    const { transport, links, frames } = setUp();
    transport.start();
    expect(FakeSocket.last.url).toBe("wss://chat.example/v/socket?k=key");
    FakeSocket.last.opens();
    expect(transport.send({ t: "activity" })).toBe(false);
    FakeSocket.last.says(welcome);
    expect(transport.send({ t: "activity" })).toBe(true);
    expect(FakeSocket.last.sent).toEqual([hello, { t: "activity" }]);
    FakeSocket.last.says({ t: "online", online: false });
    expect(frames.map((frame) => frame.t)).toEqual(["welcome", "online"]);
    expect(links).toEqual(["open"]);
  });

  it("ignores what is not JSON and what a listener throws", () => {
    const { transport, links } = setUp();
    transport.start();
    FakeSocket.last.opens().onmessage?.({ data: "<html>" });
    FakeSocket.last.says(welcome);
    expect(links).toEqual(["open"]);
  });

  it("comes back by growing delays, at most 30 s apart", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
    const { transport } = setUp();
    transport.start();
    FakeSocket.last.welcomes();
    const gaps: number[] = [];
    for (let i = 0; i < 10; i++) {
      const before = Date.now();
      const count = FakeSocket.all.length;
      FakeSocket.last.drops();
      while (FakeSocket.all.length === count) await vi.advanceTimersByTimeAsync(50);
      gaps.push(Date.now() - before);
    }
    expect(gaps[0]).toBe(1000);
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    expect(gaps[9]).toBe(22_500);
  });

  it("comes back when the server says, and not before", () => {
    const { transport } = setUp();
    transport.start();
    FakeSocket.last.welcomes().says({ t: "bye", code: 1012, retry: 4000 });
    FakeSocket.last.drops(1012);
    vi.advanceTimersByTime(3999);
    expect(FakeSocket.all).toHaveLength(1);
    vi.advanceTimersByTime(4000);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it.each([1009, 4000, 4003])("never comes back after %i", (code) => {
    const { transport, links } = setUp();
    transport.start();
    FakeSocket.last.opens().drops(code);
    transport.start();
    transport.restart();
    vi.advanceTimersByTime(600_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(links).toEqual(["refused"]);
  });

  it("gives up on a socket that opens but never welcomes", () => {
    const { transport, links } = setUp();
    transport.start();
    FakeSocket.last.opens();
    vi.advanceTimersByTime(10_000);
    expect(FakeSocket.last.closed).toBe(true);
    expect(links).toEqual(["lost"]);
  });

  it("does not hear an old connection after a restart", () => {
    const { transport, frames, links } = setUp();
    transport.start();
    const old = FakeSocket.last.welcomes();
    transport.restart();
    expect(old.closed).toBe(true);
    old.says({ t: "online", online: false });
    old.drops();
    FakeSocket.last.welcomes();
    expect(frames.map((frame) => frame.t)).toEqual(["welcome", "welcome"]);
    expect(links).toEqual(["open", "open"]);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("stays away after stop", () => {
    const { transport } = setUp();
    transport.start();
    FakeSocket.last.welcomes();
    transport.stop();
    vi.advanceTimersByTime(600_000);
    expect(FakeSocket.all).toHaveLength(1);
    transport.start();
    expect(FakeSocket.all).toHaveLength(2);
  });
});

describe("when sockets are refused", () => {
  /** Lets the socket fail twice without a welcome. */
  function refuse() {
    FakeSocket.last.drops();
    vi.advanceTimersByTime(1000);
    FakeSocket.last.drops();
  }

  it("polls with the same frames", async () => {
    const polls = stubPolls();
    const { transport, frames, links } = setUp();
    transport.start();
    refuse();
    expect(polls[0]?.url).toBe("https://chat.example/v/poll?k=key");
    expect(polls[0]?.body).toEqual({ c: "", ack: 0, frames: [hello], wait: false });
    await polls[0]?.answer({ c: "C", n: 1, frames: [welcome] });
    expect(links).toEqual(["lost", "open"]);
    expect(polls[1]?.body).toEqual({ c: "C", ack: 1, frames: [], wait: true });
    // A repeated frame is taken once.
    await polls[1]?.answer({ c: "C", n: 2, frames: [welcome, { t: "online", online: false }] });
    expect(frames.map((frame) => frame.t)).toEqual(["welcome", "online"]);
    expect(polls[2]?.body.ack).toBe(2);
  });

  it("also when the constructor throws", () => {
    FakeSocket.refusal = new Error("SecurityError");
    const polls = stubPolls();
    setUp().transport.start();
    vi.advanceTimersByTime(1);
    vi.advanceTimersByTime(1000);
    vi.advanceTimersByTime(1);
    expect(polls).toHaveLength(1);
  });

  it("interrupts the waiting request to send, but not one that carries frames", async () => {
    const polls = stubPolls();
    const { transport } = setUp();
    transport.start();
    refuse();
    await polls[0]?.answer({ c: "C", n: 1, frames: [welcome] });
    transport.send({ t: "activity" });
    expect(polls[1]?.signal.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(polls[2]?.body).toEqual({ c: "C", ack: 1, frames: [{ t: "activity" }], wait: false });
    transport.send({ t: "hidden", hidden: true });
    expect(polls[2]?.signal.aborted).toBe(false);
    await polls[2]?.answer({ c: "C", n: 1, frames: [] });
    expect(polls[3]?.body.frames).toEqual([{ t: "hidden", hidden: true }]);
  });

  it("opens again when the connection is gone", async () => {
    const polls = stubPolls();
    const { transport } = setUp();
    transport.start();
    refuse();
    await polls[0]?.answer({ c: "C", n: 1, frames: [welcome] });
    await polls[1]?.answer({ code: "connection_gone" }, 410);
    await vi.advanceTimersByTimeAsync(1000);
    expect(polls[2]?.body).toEqual({ c: "", ack: 0, frames: [hello], wait: false });
  });

  it("stops for good when the site is refused", async () => {
    const polls = stubPolls();
    const { transport, links } = setUp();
    transport.start();
    refuse();
    await polls[0]?.answer({ code: "site_unknown" }, 404);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(links).toEqual(["lost", "refused"]);
    expect(polls).toHaveLength(1);
  });

  it("goes back to the socket when polling fails too: the server was away", async () => {
    const polls = stubPolls();
    const { transport } = setUp();
    transport.start();
    refuse();
    await polls[0]?.fail();
    await vi.advanceTimersByTimeAsync(1500);
    expect(FakeSocket.all).toHaveLength(3);
    FakeSocket.last.welcomes();
    expect(transport.send({ t: "activity" })).toBe(true);
    expect(FakeSocket.last.of("activity")).toHaveLength(1);
  });

  it("tries the socket again after five minutes", async () => {
    const polls = stubPolls();
    const { transport, pollUntil } = setUp();
    transport.start();
    refuse();
    expect(pollUntil() - Date.now()).toBe(300_000);
    await polls[0]?.answer({ c: "C", n: 1, frames: [welcome] });
    vi.setSystemTime(Date.now() + 300_001);
    await polls[1]?.answer({ c: "C", n: 1, frames: [] });
    await vi.advanceTimersByTimeAsync(1000);
    expect(FakeSocket.all).toHaveLength(3);
    FakeSocket.last.welcomes();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(polls).toHaveLength(2);
  });

  it("counts a silent poll as lost", async () => {
    const polls = stubPolls();
    const { transport, links } = setUp();
    transport.start();
    refuse();
    await polls[0]?.answer({ c: "C", n: 1, frames: [welcome] });
    await vi.advanceTimersByTimeAsync(40_000);
    expect(links).toEqual(["lost", "open", "lost"]);
  });
});
