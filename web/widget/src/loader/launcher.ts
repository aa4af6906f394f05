import type { LauncherView } from "../bridge";
import { makeHost } from "./element";
import css from "./launcher.css?inline";
import { words } from "./words";

const bubble = "M4 5h16v11H9l-5 4zM8 9h8M8 12h5";
const chevron = "M6 9l6 6 6-6";

export interface Launcher {
  /** Shows the given state; puts the button back if the page threw it out. */
  render(view: LauncherView): void;
  focus(): void;
}

/** The round button at the bottom: right (10) or left (11). */
export function createLauncher(nonce: string, clicked: () => void): Launcher {
  const [element, root] = makeHost(css, nonce);
  const button = document.createElement("button");
  const badge = document.createElement("b");
  const svg = "http://www.w3.org/2000/svg";
  const icon = document.createElementNS(svg, "svg");
  const path = document.createElementNS(svg, "path");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.append(path);
  button.type = "button";
  button.setAttribute("aria-haspopup", "dialog");
  button.append(icon, document.createElement("i"), badge);
  button.onclick = clicked;
  root.append(button);
  return {
    render({ open, online, unread, hidden, language, look }) {
      const label = ["Chat", unread && words[language] + unread, !online && "offline"];
      button.lang = language;
      button.setAttribute("aria-label", label.filter(Boolean).join(", "));
      button.setAttribute("aria-expanded", `${open}`);
      button.className = (online ? "" : "away ") + (open ? "open " : "") + (look.call_mode > 10 ? "left" : "");
      button.style.cssText = `--brand:${look.theme.brand};color:${look.theme.ink}`;
      path.setAttribute("d", open ? chevron : bubble);
      badge.textContent = unread ? (unread > 99 ? "99+" : `${unread}`) : "";
      if (hidden) element.remove();
      else if (!element.isConnected) document.body.append(element);
    },
    focus: () => button.focus(),
  };
}
