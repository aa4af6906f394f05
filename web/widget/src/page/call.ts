import type { Bridge, Language, LauncherView } from "../bridge";
import { carried } from "../direct/carried";
import { guard } from "../loader/safe";
import { words as launcherWords } from "../loader/words";
import type { Look } from "../protocol";
import css from "./call.css?inline";
import type { StartTopic } from "./topic";

const words: Record<Language, readonly [string, string]> = {
  pt: ["Atendimento online", "Atendimento offline"],
  en: ["Chat with us", "We are offline"],
  es: ["Atención en línea", "Atención fuera de línea"],
};

/** Where the code was placed: what the page marks, or what the original product's install code leaves behind. */
const places = "[data-aceno-call],#tolvnow";

const callModes = [0, 1, 2, 3, 4, 5, 6, 7, 10, 11];

/** The call in all its places (T147), and the chat in a window of its own (T146). */
export const call: StartTopic = (bridge) => {
  let view: LauncherView | undefined;
  let shown: Call | undefined;
  let popup: Window | null = null;

  function open(): boolean {
    const { chat_mode, call_mode } = bridge.look();
    if (chat_mode !== "popup" || call_mode > 9) return false;
    if (popup && !popup.closed) {
      popup.focus();
      return true;
    }
    popup = window.open(popupAddress(bridge), `aceno-${bridge.key}`, "popup,width=420,height=680");
    // Refused by the browser: the chat opens in the page instead.
    if (!popup) return false;
    bridge.emit("open");
    return true;
  }

  const { focusLauncher } = bridge;
  bridge.focusLauncher = () => {
    if (!shown?.focus()) focusLauncher();
  };
  bridge.hooks.open = () => guard(open) ?? false;
  bridge.hooks.draw = (now) => {
    const mode = now.look.call_mode;
    if (!callModes.includes(mode)) {
      // A number that means nothing: the site's own stays.
      delete bridge.chosen.call_mode;
      if (now.look.theme.brand) bridge.render();
      return;
    }
    view = now;
    const ours = mode < 8 || now.look.theme.launcher_online !== "";
    if (now.hidden || !ours || mode === 5 || !document.body) {
      shown?.remove();
      return;
    }
    shown ??= createCall(bridge, () => bridge.show(!view?.open));
    shown.render(now);
  };
  return {};
};

/**
 * The chat's own page, for this visitor. The token travels in the fragment, which browsers keep to themselves, and with it the invite that
 * opens the window and what it said.
 */
export function popupAddress(bridge: Bridge): string {
  const query = new URLSearchParams({ popup: "1", language: bridge.language() });
  if (bridge.context.department) query.set("department", bridge.context.department);
  const secret = new URLSearchParams();
  const add = (name: string, value: string | null) => value && secret.set(name, value);
  add("token", bridge.token());
  for (const name of carried) add(name, bridge.session.get(name));
  return `${bridge.base}/chat/${encodeURIComponent(bridge.key)}?${query}${secret.size ? `#${secret}` : ""}`;
}

interface Call {
  render(view: LauncherView): void;
  remove(): void;
  /** False when it is not to be seen. */
  focus(): boolean;
}

function createCall(bridge: Bridge, clicked: () => void): Call {
  const root = bridge.host(css);
  const host = root.host as HTMLElement;
  const place = document.createElement("div");
  const button = document.createElement("button");
  const label = document.createElement("span");
  const image = document.createElement("img");
  const badge = document.createElement("b");
  let broken = "";
  button.type = "button";
  button.setAttribute("aria-haspopup", "dialog");
  button.append(document.createElement("i"), label, image, badge);
  button.onclick = clicked;
  image.alt = "";
  // An image that is not there, or that the page's policy refuses, must not leave an empty place.
  image.onerror = () => {
    broken = image.src;
    button.className = button.className.replace("image", "");
    image.hidden = true;
    label.hidden = false;
  };
  place.append(button);
  root.append(place);

  function standAt(mode: number): void {
    const spot = mode === 0 ? document.querySelector(places) : null;
    host.className = spot ? "place" : "";
    // Nowhere to be put in place: rather at the bottom than lost.
    place.className = `at${mode === 0 && !spot ? 1 : mode}`;
    const parent = spot ?? document.body;
    if (host.parentNode !== parent) parent.append(host);
  }

  return {
    render({ look, online, unread, open, language }) {
      const { brand, ink, corner, size } = look.theme;
      const address = imageOf(look, online, bridge.base);
      const pictured = address !== "" && address !== broken;
      const text = (online && look.labels?.[language]) || words[language][online ? 0 : 1];
      const parts = [text, unread ? launcherWords[language] + unread : ""];
      for (const [name, value] of Object.entries({ "--brand": brand, "--ink": ink, "--corner": `${corner}px` }))
        button.style.setProperty(name, value);
      button.className = `${size} ${online ? "" : "away"} ${pictured ? "image" : ""}`;
      button.hidden = open && look.call_mode > 2 && look.call_mode < 8;
      button.lang = language;
      button.setAttribute("aria-label", parts.filter(Boolean).join(", "));
      button.setAttribute("aria-expanded", `${open}`);
      label.textContent = text;
      label.hidden = pictured;
      image.hidden = !pictured;
      if (pictured && image.src !== address) image.src = address;
      badge.textContent = unread ? `${Math.min(unread, 99)}` : "";
      standAt(look.call_mode);
    },
    remove: () => host.remove(),
    focus() {
      if (host.isConnected) button.focus();
      return host.isConnected;
    },
  };
}

function imageOf({ theme }: Look, online: boolean, base: string): string {
  const source = (!online && theme.launcher_offline) || theme.launcher_online;
  return source && (guard(() => new URL(source, `${base}/`).href) ?? "");
}
