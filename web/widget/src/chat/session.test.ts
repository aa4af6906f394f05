import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { conversation, fakeBridge, welcome } from "../../test/fakes";
import { fakeServer, refusal } from "../../test/server";
import { Session } from "./session";

const settle = () => vi.advanceTimersByTimeAsync(0);

function setUp(
  before: (parts: ReturnType<typeof fakeServer> & { bridge: ReturnType<typeof fakeBridge> }) => void = () => undefined,
) {
  const { server, api } = fakeServer();
  const bridge = fakeBridge();
  before({ server, api, bridge });
  const rung: number[] = [];
  const around = { visible: true };
  const session = new Session(bridge, api, {
    ring: (_, sequence) => rung.push(sequence),
    visible: () => around.visible,
  });
  return { session, server, bridge, rung, around };
}

const talking = ({ server }: ReturnType<typeof fakeServer>) => {
  server.conversation = conversation();
  server.add();
  server.add();
};

const texts = (session: Session) => session.view.messages.map((item) => item.text);
const answers = { name: "Maria", email: "maria@exemplo.com", department: "d1", text: " oi " };

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("beginning", () => {
  it("asks who it is when there is no conversation", async () => {
    const { session } = setUp();
    expect(session.view.stage).toBe("loading");
    await settle();
    expect(session.view.stage).toBe("form");
  });

  it("shows the running conversation with everything said, page by page", async () => {
    const { session, server } = setUp((parts) => {
      talking(parts);
      parts.server.pageSize = 1;
    });
    await settle();
    expect(session.view.stage).toBe("talk");
    expect(texts(session)).toEqual(["texto 1", "texto 2"]);
    expect(server.calls).toEqual(["site", "after 0", "after 1"]);
  });

  it("says when it failed, and tries again by itself", async () => {
    const { session, server } = setUp(({ server }) => {
      server.down = true;
    });
    await settle();
    expect(session.view.stage).toBe("failed");
    server.down = false;
    await vi.advanceTimersByTimeAsync(1500);
    expect(session.view.stage).toBe("form");
  });

  it("knows the visitor from the site's commands first, then from earlier", async () => {
    const { session, bridge } = setUp(({ server }) => {
      server.site.visitor = { name: "Antes", email: "antes@exemplo.com" };
    });
    await settle();
    bridge.context.name = "Agora";
    expect(session.told()).toMatchObject({ name: "Agora", email: "antes@exemplo.com" });
  });

  it("shows an ended conversation again after a reload, until the visitor starts another", async () => {
    const { session, bridge } = setUp((parts) => {
      talking(parts);
      parts.bridge.session.set("conversation", "c1");
      if (parts.server.conversation) parts.server.conversation.state = "ended";
    });
    await settle();
    expect(session.view.conversation?.state).toBe("ended");
    expect(texts(session)).toHaveLength(2);
    session.restart();
    await settle();
    expect(session.view).toMatchObject({ stage: "form", conversation: null, messages: [] });
    expect(bridge.session.get("conversation")).toBeNull();
  });

  it("forgets a conversation that is not this visitor's any more", async () => {
    const { session } = setUp(({ bridge }) => bridge.session.set("conversation", "foreign"));
    await settle();
    await settle();
    expect(session.view.stage).toBe("form");
  });
});

describe("starting", () => {
  it("enters the queue with a clean text", async () => {
    const { session } = setUp();
    await settle();
    await session.start(answers);
    await settle();
    expect(session.view).toMatchObject({ stage: "talk", busy: false, conversation: { state: "waiting", position: 2 } });
    expect(texts(session)).toEqual(["oi"]);
  });

  it("repeats with the same client id when the answer got lost", async () => {
    const { session, server } = setUp();
    await settle();
    server.down = true;
    await session.start(answers);
    expect(session.view).toMatchObject({ stage: "form", busy: false, notice: session.view.words.error_network });
    server.down = false;
    await session.start(answers);
    const opened = server.calls.filter((call) => call.startsWith("open"));
    expect(opened[0]).toBe(opened[1]);
  });

  it("shows refusals beside their fields", async () => {
    const { session, server } = setUp();
    await settle();
    server.refuse = refusal(422, "validation", [{ field: "email", code: "invalid", detail: "E-mail inválido." }]);
    await session.start(answers);
    expect(session.view).toMatchObject({ fieldErrors: { email: "E-mail inválido." }, notice: null });
  });

  it("says when the department is unattended, and looks again who is there", async () => {
    const { session, server } = setUp();
    await settle();
    server.refuse = refusal(409, "department_unattended");
    await session.start(answers);
    expect(session.view.notice).toBe(session.view.words.unattended_department);
    expect(server.calls.at(-1)).toBe("site");
  });
});

describe("talking", () => {
  it("takes pushed messages once and in order, and fetches what is missing", async () => {
    const { session, server, bridge } = setUp(talking);
    await settle();
    const third = server.add();
    const fourth = server.add();
    bridge.play({ t: "message", conversation: "c1", message: fourth });
    expect(texts(session)).toHaveLength(2);
    await settle();
    bridge.play({ t: "message", conversation: "c1", message: third });
    expect(texts(session)).toEqual(["texto 1", "texto 2", "texto 3", "texto 4"]);
    expect(server.calls.filter((call) => call === "after 2")).toHaveLength(1);
  });

  it("fetches what was missed after each reconnection", async () => {
    const { session, server, bridge, rung } = setUp(talking);
    await settle();
    bridge.play({ t: "link", link: "lost" });
    server.add();
    bridge.play({ t: "link", link: "open" });
    bridge.play({ ...welcome, visit: "V" });
    await settle();
    expect(texts(session)).toHaveLength(3);
    expect(rung).toEqual([3]);
  });

  it("notices an end that was missed", async () => {
    const { session, server, bridge } = setUp(talking);
    await settle();
    if (server.conversation) server.conversation = { ...server.conversation, state: "ended", ended_by: "agent" };
    bridge.play({ ...welcome, visit: "V" });
    await settle();
    expect(session.view.conversation?.state).toBe("ended");
    expect(texts(session)).toHaveLength(2);
  });

  it("shows an own message at once and replaces it by the confirmed one, whichever comes first", async () => {
    const { session, server, bridge } = setUp(talking);
    await settle();
    expect(session.say("olá")).toBe(true);
    expect(session.view.pending.map((item) => item.text)).toEqual(["olá"]);
    await settle();
    expect(session.view.pending).toEqual([]);
    expect(texts(session)).toEqual(["texto 1", "texto 2", "olá"]);
    const pushed = server.messages[2];
    if (pushed) bridge.play({ t: "message", conversation: "c1", message: pushed });
    expect(texts(session)).toHaveLength(3);
  });

  it("loses and doubles nothing when the answer to a message is lost", async () => {
    const { session, server, bridge } = setUp(talking);
    await settle();
    server.down = true;
    session.say("olá");
    await settle();
    expect(session.view.pending).toHaveLength(1);
    server.down = false;
    bridge.play({ ...welcome, visit: "V" });
    await settle();
    expect(session.view.pending).toEqual([]);
    expect(texts(session).filter((text) => text === "olá")).toHaveLength(1);
    expect(server.messages.filter((item) => item.text === "olá")).toHaveLength(1);
  });

  it("refuses what is empty or too long, counted in characters", async () => {
    const { session, server } = setUp(talking);
    await settle();
    expect(session.say(" \n\u0000 ")).toBe(false);
    expect(session.say("😊".repeat(21))).toBe(false);
    expect(session.view.notice).toContain("20");
    expect(session.say("😊".repeat(20))).toBe(true);
    await settle();
    expect(server.calls.filter((call) => call.startsWith("post"))).toHaveLength(1);
  });

  it("sends good files and names the bad ones", async () => {
    const { session, server } = setUp(talking);
    await settle();
    session.attach([
      new File(["x"], "boa.png", { type: "image/png" }),
      new File([], "vazia.png", { type: "image/png" }),
      new File(["x"], "mau.exe"),
    ]);
    expect(session.view.notice).toBe("vazia.png está vazio. Este tipo de arquivo não é aceito: mau.exe.");
    await settle();
    expect(server.calls.filter((call) => call.startsWith("file"))).toEqual(["file boa.png"]);
  });

  it("passes on what is typed at most once a second, the last state always, the end at once", async () => {
    const { session, bridge } = setUp(talking);
    await settle();
    const typed = () => bridge.sent.flatMap((frame) => (frame.t === "typing" ? [frame.text] : []));
    session.typed("o");
    session.typed("ol");
    session.typed("olá");
    expect(typed()).toEqual(["o"]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(typed()).toEqual(["o", "olá"]);
    session.typed("x".repeat(600));
    session.typed("");
    expect(typed()).toEqual(["o", "olá", ""]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(typed()).toHaveLength(3);
  });

  it("shows that the agent types, until a message or a while later", async () => {
    const { session, server, bridge } = setUp(talking);
    await settle();
    const on = { t: "typing", conversation: "c1", name: "Ana", on: true } as const;
    bridge.play(on);
    expect(session.view.typing).toBe("Ana");
    bridge.play({ t: "message", conversation: "c1", message: server.add() });
    expect(session.view.typing).toBeNull();
    bridge.play(on);
    await vi.advanceTimersByTimeAsync(8000);
    expect(session.view.typing).toBeNull();
    bridge.play({ ...on, conversation: "other" });
    expect(session.view.typing).toBeNull();
  });

  it("never goes back: neither the end nor how far the agent has read", async () => {
    const { session, bridge } = setUp(talking);
    await settle();
    bridge.play({ t: "seen", conversation: "c1", sequence: 2 });
    bridge.play({ t: "conversation", conversation: conversation({ state: "ended", last_sequence: 2 }) });
    bridge.play({ t: "conversation", conversation: conversation({ state: "active", last_sequence: 2 }) });
    bridge.play({ t: "seen", conversation: "c1", sequence: 1 });
    expect(session.view.conversation).toMatchObject({ state: "ended", agent_seen_sequence: 2 });
  });

  it("takes over a conversation that another tab has opened", async () => {
    const { session, server, bridge } = setUp();
    await settle();
    server.conversation = conversation({ state: "waiting" });
    const first = server.add();
    bridge.play({ t: "conversation", conversation: { ...server.conversation, last_sequence: 1 } });
    await settle();
    expect(session.view.stage).toBe("talk");
    expect(texts(session)).toEqual([first.text]);
  });

  it("ends, and keeps the state when the end could not be delivered", async () => {
    const { session, server } = setUp(talking);
    await settle();
    server.down = true;
    await session.end();
    expect(session.view).toMatchObject({
      busy: false,
      notice: session.view.words.error_network,
      conversation: { state: "active" },
    });
    server.down = false;
    await session.end();
    expect(session.view.conversation?.state).toBe("ended");
  });

  it("finds out that a line which looks alive is dead", async () => {
    const { session, server, bridge, around } = setUp(talking);
    await settle();
    await vi.advanceTimersByTimeAsync(45_000);
    expect(bridge.reconnects).toBe(0);
    server.add();
    await vi.advanceTimersByTimeAsync(45_000);
    expect(texts(session)).toHaveLength(3);
    expect(bridge.reconnects).toBe(1);
    around.visible = false;
    const before = server.calls.length;
    await vi.advanceTimersByTimeAsync(90_000);
    expect(server.calls).toHaveLength(before);
  });
});

describe("reading", () => {
  it("tells the server what was seen only while it can be seen", async () => {
    const { session, server, bridge, around } = setUp((parts) => {
      talking(parts);
      parts.bridge.at.open = false;
    });
    await settle();
    const seen = () => bridge.sent.flatMap((frame) => (frame.t === "seen" ? [frame.sequence] : []));
    expect(seen()).toEqual([]);
    expect(bridge.counted.at(-1)).toBe(2);
    around.visible = false;
    bridge.show(true);
    expect(seen()).toEqual([]);
    around.visible = true;
    session.look();
    session.look();
    expect(seen()).toEqual([2]);
    expect(bridge.counted.at(-1)).toBe(0);
    bridge.play({ t: "message", conversation: "c1", message: server.add() });
    expect(seen()).toEqual([2, 3]);
  });

  it("tells later what was read without a connection", async () => {
    const { server, bridge } = setUp(talking);
    await settle();
    bridge.play({ t: "link", link: "lost" });
    bridge.play({ t: "message", conversation: "c1", message: server.add() });
    expect(bridge.sent.filter((frame) => frame.t === "seen")).toHaveLength(1);
    bridge.play({ t: "link", link: "open" });
    expect(bridge.sent.filter((frame) => frame.t === "seen").at(-1)).toMatchObject({ sequence: 3 });
  });

  it("follows what another tab has read", async () => {
    const { session, bridge } = setUp((parts) => {
      talking(parts);
      parts.bridge.at.open = false;
    });
    await settle();
    expect(bridge.counted.at(-1)).toBe(2);
    bridge.local.set("seen", "c1:2");
    session.readElsewhere();
    expect(bridge.counted.at(-1)).toBe(0);
  });

  it("rings for agents and for their joining, not for the visitor's own messages nor for the past", async () => {
    const { server, bridge, rung } = setUp(talking);
    await settle();
    expect(rung).toEqual([]);
    bridge.play({
      t: "message",
      conversation: "c1",
      message: server.add({ author: { kind: "visitor", name: "Maria" } }),
    });
    bridge.play({ t: "message", conversation: "c1", message: server.add() });
    bridge.play({
      t: "message",
      conversation: "c1",
      message: server.add({
        kind: "system",
        author: { kind: "system", name: "" },
        system: { key: "joined", params: {} },
      }),
    });
    expect(rung).toEqual([4, 5]);
    expect(bridge.emitted.filter(([event]) => event === "message")).toHaveLength(2);
  });
});
