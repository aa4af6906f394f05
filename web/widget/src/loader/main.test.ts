// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeSocket, look, stubSocket, welcome } from "../../test/fakes";
import { type Bridge, bridgeKey } from "../bridge";
import { startPage } from "../page/page";
import type { StartTopic } from "../page/topic";
import { boot } from "./main";

type Aceno = ((...args: unknown[]) => void) & { q?: unknown[][] };
const page = window as unknown as { aceno?: Aceno };

/** The install code, as a page has it. */
function install(key: string | null = "k1"): void {
  page.aceno =
    page.aceno ??
    function stub(...args: unknown[]) {
      const self = page.aceno as Aceno;
      self.q = self.q ?? [];
      self.q.push(args);
    };
  const script = document.createElement("script");
  script.type = "text/plain"; // jsdom must not fetch it
  script.src = "https://chat.example/v/aceno.js";
  if (key !== null) script.dataset.key = key;
  document.head.append(script);
}

function aceno(...args: unknown[]): void {
  page.aceno?.(...args);
}

const launcher = () => document.querySelector("aceno-chat")?.shadowRoot?.querySelector("button") ?? null;
const chatScript = () =>
  document.querySelector<HTMLScriptElement & { [bridgeKey]?: Bridge }>('script[src*="/v/chat.js"]');
const pageScript = () =>
  document.querySelector<HTMLScriptElement & { [bridgeKey]?: Bridge }>('script[src*="/v/page.js"]');
/** What the browser does with page.js; it is asked for at once where there is no Navigation API, as here. */
function loadPage(...topics: StartTopic[]): void {
  startPage(pageScript()?.[bridgeKey] as Bridge, topics);
}
const hello = () => FakeSocket.last.of("hello")[0];

const { pushState, replaceState } = history;
let added: [EventTarget, string, EventListenerOrEventListenerObject | null, unknown][] = [];

beforeEach(() => {
  vi.useFakeTimers();
  stubSocket();
  added = [];
  // Each test has its own page: what an earlier widget listens to is taken away.
  for (const target of [window, document]) {
    const original = target.addEventListener.bind(target);
    vi.spyOn(target, "addEventListener").mockImplementation(
      (type: string, listener: EventListenerOrEventListenerObject | null, options?: unknown) => {
        added.push([target, type, listener, options]);
        original(type, listener as EventListener, options as AddEventListenerOptions);
      },
    );
  }
});

afterEach(() => {
  for (const [target, type, listener, options] of added)
    target.removeEventListener(type, listener, options as AddEventListenerOptions);
  vi.restoreAllMocks();
  vi.useRealTimers();
  delete page.aceno;
  document.head.innerHTML = "";
  document.body.innerHTML = "";
  localStorage.clear();
  sessionStorage.clear();
  Object.assign(history, { pushState, replaceState });
  history.replaceState(null, "", "/produtos");
});

describe("install code", () => {
  it("connects with the script's key and address, and shows the launcher once welcomed", () => {
    install();
    boot();
    expect(FakeSocket.last.url).toBe("wss://chat.example/v/socket?k=k1");
    expect(launcher()).toBeNull();
    FakeSocket.last.welcomes();
    expect(launcher()?.getAttribute("aria-label")).toBe("Chat");
    expect(launcher()?.getAttribute("aria-expanded")).toBe("false");
    expect(localStorage.getItem("aceno.k1.token")).toBe("T1");
  });

  it("plays the queue in order, the key included", () => {
    install(null);
    aceno("identify", { name: "Maria", email: "maria@exemplo.com" });
    aceno("set", { plano: "ouro", itens: 2, vip: true, lista: [1], nada: null });
    aceno("monitoring", false);
    aceno("key", "k9");
    boot();
    FakeSocket.last.welcomes();
    expect(FakeSocket.last.url).toContain("k=k9");
    expect(FakeSocket.last.of("identify")).toEqual([
      {
        t: "identify",
        name: "Maria",
        email: "maria@exemplo.com",
        fields: { plano: "ouro", itens: 2, vip: true },
      },
    ]);
    expect(hello()).toMatchObject({
      monitoring: false,
      resumed: false,
      url: "https://shop.example/produtos",
    });
  });

  it("waits for a key that comes late, and takes only the first", () => {
    install(null);
    boot();
    expect(FakeSocket.all).toHaveLength(0);
    aceno("key", "k2");
    aceno("key", "k3");
    expect(FakeSocket.all).toHaveLength(1);
    expect(FakeSocket.last.url).toContain("k=k2");
  });

  it("is harmless when loaded twice", () => {
    install();
    boot();
    const first = page.aceno;
    install();
    boot();
    expect(page.aceno).toBe(first);
    expect(FakeSocket.all).toHaveLength(1);
    FakeSocket.last.welcomes();
    expect(document.querySelectorAll("aceno-chat")).toHaveLength(1);
  });

  it("waits until a prerendered page is shown", () => {
    Object.assign(document, { prerendering: true });
    try {
      install();
      boot();
      expect(FakeSocket.all).toHaveLength(0);
      document.dispatchEvent(new Event("prerenderingchange"));
      expect(FakeSocket.all).toHaveLength(1);
    } finally {
      Object.assign(document, { prerendering: false });
    }
  });

  it("takes the place of an element that happens to be called aceno", () => {
    install();
    (page as { aceno?: unknown }).aceno = document.createElement("div");
    boot();
    expect(typeof page.aceno).toBe("function");
    expect(FakeSocket.all).toHaveLength(1);
  });

  it("works with a polluted prototype", () => {
    const polluted = Object.prototype as { each?: unknown };
    polluted.each = () => undefined;
    try {
      install();
      aceno("set", { a: "1" });
      boot();
      FakeSocket.last.welcomes();
      expect(FakeSocket.last.of("identify")).toMatchObject([{ fields: { a: "1" } }]);
      expect(launcher()).not.toBeNull();
    } finally {
      delete polluted.each;
    }
  });

  it("never throws into the page", () => {
    install();
    boot();
    for (const args of [
      [],
      ["nothing"],
      ["identify"],
      ["identify", 3],
      ["set", null],
      ["on", "open"],
      ["on", "open", 5],
      ["__proto__"],
      ["constructor"],
      [Symbol("x")],
      [{ toString: null }],
    ]) {
      expect(() => aceno(...args)).not.toThrow();
    }
  });

  it("works without any storage", () => {
    for (const area of ["localStorage", "sessionStorage"] as const) {
      vi.spyOn(window, area, "get").mockImplementation(() => {
        throw new DOMException("denied", "SecurityError");
      });
    }
    install();
    boot();
    FakeSocket.last.welcomes().drops();
    vi.advanceTimersByTime(1500);
    FakeSocket.last.opens();
    expect(hello()).toMatchObject({ token: "T1", resumed: true });
  });
});

describe("presence", () => {
  function connected() {
    install();
    boot();
    return FakeSocket.last.welcomes();
  }

  it("announces single-page navigation with the page before as referrer, once the title has settled", () => {
    const socket = connected();
    loadPage();
    history.pushState({}, "", "/p/bota");
    document.title = "Bota";
    vi.advanceTimersByTime(200);
    expect(socket.of("page")).toEqual([
      { t: "page", url: "https://shop.example/p/bota", title: "Bota", referrer: "https://shop.example/produtos" },
    ]);
    history.replaceState({}, "", "/p/bota#fotos");
    vi.advanceTimersByTime(2000);
    expect(socket.of("page")).toHaveLength(1);
  });

  it("announces by command", () => {
    const socket = connected();
    aceno("page");
    vi.advanceTimersByTime(200);
    expect(socket.of("page")).toHaveLength(1);
  });

  it("sends activity at most every 30 s", () => {
    const socket = connected();
    const move = () => window.dispatchEvent(new Event("pointermove"));
    move();
    move();
    vi.advanceTimersByTime(29_000);
    move();
    expect(socket.of("activity")).toHaveLength(1);
    vi.advanceTimersByTime(1000);
    move();
    expect(socket.of("activity")).toHaveLength(2);
  });

  it("says nothing of the page while monitoring is off", () => {
    install();
    aceno("monitoring", false);
    boot();
    const socket = FakeSocket.last.welcomes();
    window.dispatchEvent(new Event("pointermove"));
    aceno("page");
    vi.advanceTimersByTime(1000);
    expect(socket.sent.map((frame) => frame.t)).toEqual(["hello"]);
    aceno("monitoring", true);
    FakeSocket.last.opens();
    expect(hello()).toMatchObject({ monitoring: true });
  });

  it("resumes the same page after a break, and not after a navigation in between", () => {
    const socket = connected();
    loadPage();
    socket.drops();
    vi.advanceTimersByTime(1500);
    FakeSocket.last.welcomes();
    expect(hello()).toMatchObject({ resumed: true, token: "T1" });
    FakeSocket.last.drops();
    history.pushState({}, "", "/carrinho");
    vi.advanceTimersByTime(1500);
    FakeSocket.last.welcomes();
    expect(hello()).toMatchObject({
      resumed: false,
      url: "https://shop.example/carrinho",
      referrer: "https://shop.example/produtos",
    });
  });

  it("leaves by beacon and comes back from the back-forward cache as a new view", () => {
    const beacon = vi.fn(() => true);
    Object.assign(navigator, { sendBeacon: beacon });
    const socket = connected();
    const tab = hello()?.tab;
    expect(sessionStorage.getItem("aceno.k1.tab")).toBeNull();
    window.dispatchEvent(new Event("pagehide"));
    expect(beacon).toHaveBeenCalledWith("https://chat.example/v/leave", JSON.stringify({ token: "T1", tab }));
    expect(socket.closed).toBe(true);
    expect(sessionStorage.getItem("aceno.k1.tab")).toBe(tab);
    window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    FakeSocket.last.opens();
    expect(hello()).toMatchObject({ tab, resumed: false });
  });

  it("connects anew when the network is back, and after the machine slept", () => {
    connected();
    window.dispatchEvent(new Event("online"));
    expect(FakeSocket.all).toHaveLength(2);
    FakeSocket.last.welcomes();
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(20_000);
    expect(FakeSocket.all).toHaveLength(3);
  });

  it("sends addresses and languages that the server takes, whatever the page has", () => {
    vi.spyOn(navigator, "language", "get").mockReturnValue("en-US@posix");
    history.replaceState(null, "", `/100%?q=${"%C3%A9".repeat(600)}`);
    connected();
    expect(hello()?.language).toBe("en-USposix");
    const url = hello()?.url ?? "";
    expect(url).toContain("/100%25?q=");
    expect(url.length).toBeLessThan(1600);
    expect(() => decodeURI(url)).not.toThrow();
  });

  it("keeps the token of the tab that was first", () => {
    install();
    boot();
    FakeSocket.last.opens();
    localStorage.setItem("aceno.k1.token", "OTHER");
    FakeSocket.last.says({ ...welcome, visit: "V" });
    expect(FakeSocket.all).toHaveLength(2);
    FakeSocket.last.opens();
    expect(hello()).toMatchObject({ token: "OTHER" });
    expect(localStorage.getItem("aceno.k1.token")).toBe("OTHER");
  });
});

describe("launcher and chat", () => {
  it("loads the chat on the first click, with the page's nonce and the bridge on the element", () => {
    install();
    document.querySelector("script")?.setAttribute("nonce", "N0");
    boot();
    FakeSocket.last.welcomes();
    expect(chatScript()).toBeNull();
    launcher()?.click();
    expect(chatScript()?.src).toBe("https://chat.example/v/chat.js?v=test");
    expect(chatScript()?.nonce).toBe("N0");
    expect(chatScript()?.[bridgeKey]?.isOpen()).toBe(true);
    expect(Object.keys(window).filter((name) => /aceno/i.test(name))).toEqual(["aceno"]);
    launcher()?.click();
    launcher()?.click();
    expect(document.querySelectorAll('script[src*="/v/chat.js"]')).toHaveLength(1);
  });

  it("loads again when the chat could not be fetched", () => {
    install();
    boot();
    FakeSocket.last.welcomes();
    aceno("open");
    chatScript()?.onerror?.(new Event("error"));
    expect(chatScript()).toBeNull();
    vi.advanceTimersByTime(5000);
    expect(chatScript()).not.toBeNull();
  });

  it("opens again on the next page, in this tab only", () => {
    sessionStorage.setItem("aceno.k1.open", "1");
    install();
    boot();
    expect(chatScript()?.[bridgeKey]?.isOpen()).toBe(true);
  });

  it("loads the chat in the background while a conversation goes on, without opening it", () => {
    install();
    boot();
    FakeSocket.last.welcomes({ conversation: { id: "c1", state: "active", unread: 2 } });
    expect(chatScript()?.[bridgeKey]?.isOpen()).toBe(false);
    expect(launcher()?.getAttribute("aria-label")).toBe("Chat, new messages: 2");
    expect(launcher()?.querySelector("b")?.textContent).toBe("2");
  });

  it("shows the languages, the absence, and hides", () => {
    install();
    boot();
    FakeSocket.last.welcomes({ online: false });
    aceno("language", "pt-BR");
    expect(launcher()?.getAttribute("aria-label")).toBe("Chat, offline");
    FakeSocket.last.says({ t: "online", online: true });
    aceno("language", "es");
    expect(launcher()?.getAttribute("aria-label")).toBe("Chat");
    aceno("hide");
    expect(launcher()).toBeNull();
    aceno("show");
    expect(launcher()).not.toBeNull();
  });

  it("comes back into a page that threw it out", () => {
    install();
    boot();
    FakeSocket.last.welcomes();
    loadPage();
    document.body.innerHTML = "";
    history.pushState({}, "", "/outra");
    expect(launcher()).not.toBeNull();
  });

  it("disappears when the site is refused", () => {
    localStorage.setItem("aceno.k1.token", "T0");
    localStorage.setItem("aceno.k1.look", JSON.stringify(look));
    install();
    boot();
    expect(launcher()).not.toBeNull();
    FakeSocket.last.opens().drops(4003);
    expect(launcher()).toBeNull();
  });
});

describe("refusals", () => {
  it("are told to whoever wrote the page, and cost only the value", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    install();
    boot();
    const socket = FakeSocket.last.welcomes();
    aceno("identify", { email: "nothing" });
    socket.says({ t: "error", ref: "identify", problem: { status: 422, code: "validation", detail: "" } });
    expect(warn).toHaveBeenCalledTimes(1);
    expect(launcher()).not.toBeNull();
  });
});

describe("callbacks", () => {
  it("tells what happens; one that fails hurts nobody", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const heard: string[] = [];
    install();
    aceno("on", "ready", () => heard.push("ready"));
    aceno("on", "open", () => {
      throw new Error("theirs");
    });
    aceno("on", "open", () => heard.push("open"));
    aceno("on", "close", () => heard.push("close"));
    boot();
    FakeSocket.last.welcomes();
    aceno("open");
    aceno("open");
    aceno("close");
    expect(heard).toEqual(["ready", "open", "close"]);
    expect(warn).toHaveBeenCalledTimes(1);
    aceno("on", "ready", () => heard.push("late"));
    expect(heard).toContain("late");
  });
});

describe("the second stage", () => {
  it("gets what the loader does not know, in order, also what came before it was there", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const heard: unknown[] = [];
    install();
    aceno("greet", "a", 1);
    boot();
    FakeSocket.last.welcomes();
    FakeSocket.last.says({ t: "wave", id: "2" } as never);
    FakeSocket.last.says({ t: "online", online: false });
    aceno("greet", "b");
    expect(document.querySelectorAll('script[src*="/v/page.js"]')).toHaveLength(1);
    loadPage(
      () => {
        throw new Error("one that fails to start");
      },
      () => ({
        frames: { wave: (frame: unknown) => heard.push(frame) } as never,
        commands: {
          greet: (...args) => {
            heard.push(args);
            throw new Error("one that fails");
          },
        },
      }),
    );
    FakeSocket.last.says({ t: "wave", id: "3" } as never);
    aceno("grete");
    expect(heard).toEqual([["a", 1], { t: "wave", id: "2" }, ["b", undefined], { t: "wave", id: "3" }]);
    expect(warn.mock.calls).toEqual([["aceno", "unknown command", "grete"]]);
  });

  it("is fetched again when it could not be, ever more rarely", () => {
    install();
    boot();
    const fail = () => pageScript()?.onerror?.(new Event("error"));
    fail();
    expect(pageScript()).toBeNull();
    vi.advanceTimersByTime(5000);
    fail();
    vi.advanceTimersByTime(5000);
    expect(pageScript()).toBeNull();
    vi.advanceTimersByTime(5000);
    expect(pageScript()).not.toBeNull();
  });
});
