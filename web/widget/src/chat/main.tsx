import { render } from "preact";
import { type Bridge, bridgeKey } from "../bridge";
import { createApi } from "./api";
import { Session } from "./session";
import { Sound } from "./sound";
import css from "./style.css?inline";
import { dress } from "./theme";
import { App } from "./ui/app";
import { submitByHand } from "./ui/submit";
import { fitScreen } from "./ui/viewport";

/** Takes the bridge from chat.js' own script element and mounts the chat in the page. */
function start(bridge: Bridge): void {
  const root = bridge.host(css);
  const frame = document.createElement("div");
  frame.className = "frame";
  root.append(frame);

  const sound = new Sound(bridge);
  const session = new Session(bridge, createApi(bridge), {
    ring: (conversation, sequence) => sound.ring(conversation, sequence),
    visible: () => document.visibilityState === "visible",
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") session.wake();
  });
  window.addEventListener("storage", (event) => {
    if (event.key?.endsWith(".seen")) session.readElsewhere();
  });
  // Keys that a page listens to must not fire while somebody types here.
  for (const name of ["keydown", "keyup", "keypress", "paste"])
    frame.addEventListener(name, (event) => event.stopPropagation());
  // A page that replaced its body threw us out: come back.
  bridge.listen(() => {
    if (!root.host.isConnected) document.body.append(root.host);
  });
  submitByHand(frame);
  fitScreen(frame);
  const system = matchMedia("(prefers-color-scheme: dark)");
  const redress = () => {
    const { chat_mode, call_mode, theme } = bridge.look();
    // Before the first welcome nothing is known of it, and the style sheet's own look stands.
    if (theme.brand) dress(frame, theme, system.matches);
    frame.classList.toggle("left", [2, 4, 7, 11].includes(call_mode));
    frame.classList.toggle("page", chat_mode === "page");
  };
  system.addEventListener("change", redress);
  bridge.listen((signal) => {
    if (signal.t === "context" || signal.t === "welcome") redress();
  });
  redress();

  // The chat's own page has no launcher to go back to: a window that a page has opened is closed, a framed one stays.
  const own = bridge.look().chat_mode === "page";
  const close = () => {
    if (own) {
      if (closable) window.close();
      return;
    }
    bridge.show(false);
    bridge.focusLauncher();
  };
  const closable = !own || (window.parent === window && Boolean(window.opener));
  const draft = {
    get: () => bridge.local.get("draft") ?? "",
    set: (text: string) => bridge.local.set("draft", text || null),
  };
  render(<App session={session} sound={sound} close={close} closable={closable} draft={draft} />, frame);
}

const script = document.currentScript as (HTMLScriptElement & { [bridgeKey]?: Bridge }) | null;
const bridge = script?.[bridgeKey];
if (bridge) start(bridge);
