import type { Bridge, Errand, Hooks, Link, Signal } from "../bridge";
import type { ClientFrame, Look, ServerFrame, Welcome } from "../protocol";
import { createCallbacks } from "./callbacks";
import { makeHost, whenBody } from "./element";
import { createIdentity } from "./identity";
import { createLauncher, type Launcher } from "./launcher";
import { followLife } from "./lifecycle";
import { pageKey } from "./navigation";
import { createPresence } from "./presence";
import { guard, newId } from "./safe";
import { scriptLoader } from "./script";
import { openStore } from "./storage";
import { createTransport } from "./transport";
import { pickLanguage } from "./words";

/** The scripts with the hashes of their content, set by the build. */
declare const CHAT_FILE: string;
declare const PAGE_FILE: string;

export interface Widget {
  /** Runs one command of the site. Unknown commands and wrong values are ignored: a typing mistake must not break a shop. */
  command(name: unknown, value: unknown, more: unknown): void;
  start(): void;
}

/** The widget on one page: what the loader knows, and the connection. Made once per page, when the site's key is known. */
export function createWidget(base: string, key: string, nonce: string): Widget {
  const local = openStore("localStorage", key);
  const session = openStore("sessionStorage", key);
  const listeners = new Set<(signal: Signal) => void>();
  const { on, emit } = createCallbacks();
  const identity = createIdentity(send);
  // A duplicated tab copies the session's storage: the id is taken out while the page lives and put back when it goes.
  const tab = session.get("tab") || newId();
  session.set("tab", null);

  let launcher: Launcher | undefined;
  let link: Link = "connecting";
  let chosenLanguage: unknown;
  let siteLanguage = "";
  let monitoring = true;
  /** The page the server knows about. */
  let delivered: string | undefined;
  let sentToken: string | null = null;
  let online = !session.get("away");
  let open = !!session.get("open");
  let hidden = false;
  let unread = 0;
  let ready = false;
  /** As the server last said; what is missing until it has said it is not needed before. */
  let site: Look = guard(() => JSON.parse(local.get("look") as string)) ?? ({ theme: {} } as Look);
  const errands: Errand[] = [];
  const chosen: Partial<Look> = {};
  const hooks: Hooks = {};
  const loadScript = scriptLoader(() => bridge, nonce);
  const fetchChat = loadScript(CHAT_FILE);
  const loadPage = loadScript(PAGE_FILE);
  let chatAsked = false;

  const look = (): Look => ({ ...site, ...chosen });
  const token = () => local.get("token") ?? session.get("token");
  const language = () =>
    pickLanguage([chosenLanguage as string, document.documentElement.lang, ...navigator.languages, siteLanguage]);
  let known = !!local.get("look");

  const presence = createPresence(
    (frame) => {
      if (monitoring) send(frame);
    },
    () => render(),
    (check) => defer("history", check),
  );
  const transport = createTransport({
    address: (route) => `${base}/v/${route}?k=${encodeURIComponent(key)}`,
    hello,
    frame,
    link(state) {
      link = state;
      tell({ t: "link", link });
    },
    pollUntil(value) {
      if (value) session.set("poll", `${value}`);
      return Number(session.get("poll"));
    },
    poll: (...line) => defer("poll", ...line),
  });

  /** Leaves something to page.js, which is fetched when there is anything for it. */
  function defer(...errand: Errand): void {
    errands.push(errand);
    hooks.take?.();
    loadPage();
  }

  function send(frame: ClientFrame): boolean {
    const sent = transport.send(frame);
    if (sent && frame.t === "page") delivered = pageKey(location);
    return sent;
  }

  function tell(signal: Signal): void {
    for (const listener of listeners) guard(() => listener(signal));
    render();
  }

  function render(): void {
    guard(() => {
      const now = look();
      const own = now.call_mode > 9 && !now.theme.launcher_online;
      const away = now.hide_when_offline && !online && !open && !session.get("conversation");
      const view = {
        open,
        online,
        unread,
        hidden: hidden || !known || link === "refused" || away,
        language: language(),
        look: now,
      };
      launcher?.render({ ...view, hidden: view.hidden || !own });
      if (!own && known) loadPage();
      hooks.draw?.(view);
    });
  }

  function show(value: boolean): void {
    if (open === value || (value && hooks.open?.())) return;
    open = value;
    session.set("open", open ? "1" : null);
    if (open) loadChat();
    tell({ t: "show", open });
    emit(open ? "open" : "close");
  }

  function hello(): ClientFrame {
    sentToken = token();
    return {
      t: "hello",
      token: sentToken || undefined,
      tab,
      ...presence.view(),
      language: `${navigator.language || ""}`.replace(/[^a-z\d-]/gi, "").slice(0, 35),
      screen: `${screen.width}x${screen.height}`,
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      hidden: document.hidden,
      monitoring,
      resumed: delivered === pageKey(location),
      consent: identity.context.consent,
    };
  }

  function frame(frame: ServerFrame): void {
    if (frame.t === "welcome" && !welcome(frame)) return;
    // biome-ignore lint/suspicious/noConsole: whoever wrote the page has to learn that a value was refused
    if (frame.t === "error") console.warn("aceno", frame.ref, frame.problem);
    if ("online" in frame) {
      online = frame.online;
      session.set("away", online ? null : "1");
    }
    tell(frame);
    // What has an id of its own wants an answer under it, and that is page.js' work.
    if ("id" in frame) defer("frame", frame);
  }

  /** False when this connection must not be used: two tabs said hello at once without a token, and the first answer stands for both. */
  function welcome({ token: given, language, conversation, widget, keep }: Welcome): boolean {
    const kept = token();
    if (kept && !sentToken) {
      transport.restart();
      return false;
    }
    // The token of a visitor who has not agreed stays in this page or, for the sake of a conversation, in this tab.
    local.keep(keep);
    session.keep(keep || !!conversation);
    local.set("token", keep ? given : null);
    session.set("token", keep ? null : given);
    site = widget;
    local.set("look", JSON.stringify(widget));
    siteLanguage = language;
    delivered = pageKey(location);
    known = true;
    if (!chatAsked && conversation) {
      unread = conversation.unread;
      loadChat();
    }
    identity.tell();
    if (!ready) {
      ready = true;
      emit("ready");
    }
    return true;
  }

  /** Loads the chat, once. */
  function loadChat(): void {
    chatAsked = true;
    whenBody(fetchChat);
  }

  const bridge: Bridge = {
    base,
    key,
    context: identity.context,
    local,
    session,
    look,
    chosen,
    hooks,
    errands,
    render,
    changed: () => tell({ t: "context" }),
    page: presence.page,
    token,
    language,
    send,
    show,
    emit,
    link: () => link,
    isOpen: () => open,
    reconnect: transport.restart,
    renew() {
      local.set("token", null);
      session.set("token", null);
      transport.restart();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    unread(count) {
      unread = count;
      render();
    },
    focusLauncher: () => launcher?.focus(),
    host(css) {
      const [element, root] = makeHost(css, nonce);
      document.body.append(element);
      return root;
    },
  };

  const commands: Record<string, ((value: unknown, more: unknown) => void) | undefined> = {
    open: () => show(true),
    close: () => show(false),
    hide() {
      hidden = true;
      show(false);
    },
    show() {
      hidden = false;
    },
    chatmode(mode) {
      chosen.chat_mode = mode as Look["chat_mode"];
    },
    callmode(mode) {
      chosen.call_mode = Number(mode);
    },
    identify(who) {
      identity.learn(who as object, {});
      if ("signature" in (who as object)) defer("command", "prove", who, 0);
    },
    set: (values) => identity.learn({}, values as Record<string, unknown>),
    page: presence.page,
    monitoring(on) {
      monitoring = on !== false;
      if (ready) transport.restart();
    },
    language(tag) {
      chosenLanguage = tag;
    },
    on(event, callback) {
      if (typeof callback !== "function") return;
      on(event, callback as () => void);
      if (event === "ready" && ready) emit("ready");
    },
  };

  return {
    command(name, value, more) {
      const own = commands[name as string];
      if (own) own(value, more);
      else defer("command", name, value, more);
      bridge.changed();
    },
    start() {
      presence.watch();
      followLife(
        transport,
        () => {
          session.set("tab", tab);
          const known = token();
          if (known) guard(() => navigator.sendBeacon(`${base}/v/leave`, JSON.stringify({ token: known, tab })));
        },
        () => {
          session.set("tab", null);
          delivered = undefined;
        },
      );
      transport.start();
      if (open) loadChat();
      whenBody(() => {
        launcher = guard(() => createLauncher(nonce, () => show(!open)));
        render();
      });
    },
  };
}
