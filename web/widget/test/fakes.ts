import { vi } from "vitest";
import type { Bridge, Link, Signal, Store } from "../src/bridge";
import type {
  ClientFrame,
  Look,
  ServerFrame,
  VisitorConversation,
  VisitorMessage,
  VisitorSite,
  Welcome,
} from "../src/protocol";

/** A WebSocket whose other end is the test. */
export class FakeSocket {
  static all: FakeSocket[] = [];
  /** What the constructor does instead of connecting; a browser under a policy may throw here. */
  static refusal: Error | null = null;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: ClientFrame[] = [];
  closed = false;

  constructor(readonly url: string) {
    if (FakeSocket.refusal) throw FakeSocket.refusal;
    FakeSocket.all.push(this);
  }

  static get last(): FakeSocket {
    const socket = FakeSocket.all[FakeSocket.all.length - 1];
    if (!socket) throw new Error("nothing has connected");
    return socket;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.closed = true;
  }

  opens(): this {
    this.onopen?.();
    return this;
  }

  says(frame: ServerFrame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  drops(code = 1006): void {
    this.onclose?.({ code });
  }

  /** Opens and welcomes, as a server that is well does. */
  welcomes(more: Partial<Welcome> = {}): this {
    this.opens().says({ ...welcome, ...more });
    return this;
  }

  of<T extends ClientFrame["t"]>(t: T): Extract<ClientFrame, { t: T }>[] {
    return this.sent.filter((frame): frame is Extract<ClientFrame, { t: T }> => frame.t === t);
  }
}

export const look: Look = {
  chat_mode: "widget",
  call_mode: 10,
  hide_when_offline: false,
  theme: {
    brand: "#0f766e",
    ink: "#ffffff",
    corner: 16,
    size: "normal",
    scheme: "auto",
    launcher_online: "",
    launcher_offline: "",
  },
};

export const welcome: Welcome = {
  t: "welcome",
  token: "T1",
  visit: "V1",
  online: true,
  conversation: null,
  language: "pt",
  widget: look,
  keep: true,
};

export function stubSocket(): void {
  FakeSocket.all = [];
  FakeSocket.refusal = null;
  vi.stubGlobal("WebSocket", FakeSocket);
}

export function memoryStore(): Store {
  const kept = new Map<string, string>();
  return {
    get: (name) => kept.get(name) ?? null,
    set(name, value) {
      if (value === null) kept.delete(name);
      else kept.set(name, value);
    },
    keep() {},
  };
}

export interface FakeBridge extends Bridge {
  /** Plays a frame or signal to the chat. */
  play(signal: Signal): void;
  sent: ClientFrame[];
  counted: number[];
  emitted: [string, unknown][];
  reconnects: number;
  at: { link: Link; open: boolean };
}

export function fakeBridge(): FakeBridge {
  const listeners = new Set<(signal: Signal) => void>();
  const bridge: FakeBridge = {
    base: "https://chat.example",
    key: "k1",
    context: { name: "", email: "", fields: {}, department: "" },
    local: memoryStore(),
    session: memoryStore(),
    at: { link: "open", open: true },
    sent: [],
    counted: [],
    emitted: [],
    reconnects: 0,
    chosen: {},
    hooks: {},
    look: () => ({ ...look, ...bridge.chosen }),
    errands: [],
    render: () => undefined,
    changed: () => bridge.play({ t: "context" }),
    page: () => undefined,
    token: () => "T1",
    renew: () => undefined,
    reconnect() {
      bridge.reconnects++;
    },
    link: () => bridge.at.link,
    isOpen: () => bridge.at.open,
    language: () => "pt",
    send(frame) {
      if (bridge.at.link !== "open") return false;
      bridge.sent.push(frame);
      return true;
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show(open) {
      bridge.at.open = open;
      bridge.play({ t: "show", open });
    },
    unread: (count) => bridge.counted.push(count),
    focusLauncher: () => undefined,
    host: () => document.createElement("div").attachShadow({ mode: "open" }),
    emit: (event, detail) => bridge.emitted.push([event, detail]),
    play(signal) {
      if (signal.t === "link") bridge.at.link = signal.link;
      for (const listener of listeners) listener(signal);
    },
  };
  return bridge;
}

export const site: VisitorSite = {
  site: { id: "s1", name: "Trilha", language: "pt" },
  online: true,
  departments: [{ id: "d1", name: "Vendas", description: "", online: true }],
  visitor: { name: null, email: null },
  conversation: null,
  mail: true,
  limits: { text: 20, file_bytes: 100, file_types: ["image/png", ".txt"] },
};

export function conversation(more: Partial<VisitorConversation> = {}): VisitorConversation {
  return {
    id: "c1",
    number: 2026000001,
    state: "active",
    department: { id: "d1", name: "Vendas" },
    agent: { name: "Ana", photo: "", portrait: "" },
    position: null,
    last_sequence: 0,
    agent_seen_sequence: 0,
    queue_entered_at: 0,
    ended_by: null,
    rating: null,
    ...more,
  };
}

export function message(sequence: number, more: Partial<VisitorMessage> = {}): VisitorMessage {
  return {
    id: `m${sequence}`,
    sequence,
    client_id: `m${sequence}`,
    kind: "text",
    author: { kind: "agent", name: "Ana" },
    text: `texto ${sequence}`,
    file: null,
    system: null,
    at: sequence,
    ...more,
  };
}

/** A promise that the test settles. */
export function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
