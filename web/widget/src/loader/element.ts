import isolation from "./element.css?inline";
import { guard } from "./safe";

/**
 * Makes an element of ours for the host page, with a shadow root and its style sheet. The sheet is constructed, which a strict
 * `style-src` allows; browsers without constructable sheets get a style element with the page's nonce.
 */
export function makeHost(more: string, nonce: string): [HTMLElement, ShadowRoot] {
  const text = isolation + more;
  const element = document.createElement("aceno-chat");
  const root = element.attachShadow({ mode: "open" });
  const adopted = guard(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    root.adoptedStyleSheets = [sheet];
    return 1;
  });
  if (!adopted) {
    const style = document.createElement("style");
    style.nonce = nonce;
    style.textContent = text;
    root.append(style);
  }
  return [element, root];
}

/** Calls back when the page has a body: our script may run before it. */
export function whenBody(ready: () => void): void {
  if (document.body) ready();
  else document.addEventListener("DOMContentLoaded", ready);
}
