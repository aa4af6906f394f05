import { render } from "preact";
import { type Bridge, bridgeKey } from "../bridge";
import { createApi } from "./api";
import { Session } from "./session";
import { Sound } from "./sound";
import css from "./style.css?inline";
import { App } from "./ui/app";
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
  fitScreen(frame);

  const close = () => {
    bridge.show(false);
    bridge.focusLauncher();
  };
  const draft = {
    get: () => bridge.local.get("draft") ?? "",
    set: (text: string) => bridge.local.set("draft", text || null),
  };
  render(<App session={session} sound={sound} close={close} draft={draft} />, frame);
}

const script = document.currentScript as (HTMLScriptElement & { [bridgeKey]?: Bridge }) | null;
const bridge = script?.[bridgeKey];
if (bridge) start(bridge);
