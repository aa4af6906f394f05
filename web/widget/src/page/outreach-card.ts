import type { Bridge } from "../bridge";
import type { Outreach } from "../protocol";
import css from "./outreach.css?inline";
import { words } from "./outreach-words";

export interface Card {
  remove(): void;
  /** The visitor points at it or has the focus in it: it should not vanish now. */
  busy(): boolean;
}

export interface Answers {
  /** The button, the picture or the link was chosen. */
  yes(): void;
  no(): void;
  /** The picture that is all there is cannot be shown here. */
  fail(): void;
  shown(): void;
}

/** Makes an element with a class and a text. */
function make<K extends keyof HTMLElementTagNameMap>(tag: K, name: string, text = ""): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
}

/** An http or https address, or nothing: everything from outside is looked at once more before it becomes a link. */
export function safeAddress(url: string): URL | undefined {
  try {
    const address = new URL(url);
    return address.protocol === "http:" || address.protocol === "https:" ? address : undefined;
  } catch {
    return undefined;
  }
}

/** What is chosen: a link for a promotion, else a button. A link to another site opens beside this one. */
function choice(frame: Outreach, name: string, answers: Answers): HTMLElement {
  const link = frame.kind === "promotion" ? safeAddress(frame.link) : undefined;
  if (!link) {
    const button = make("button", name);
    button.type = "button";
    button.onclick = answers.yes;
    return button;
  }
  const anchor = make("a", name);
  anchor.href = link.href;
  if (link.origin !== location.origin) {
    anchor.target = "_blank";
    anchor.rel = "noopener noreferrer";
  }
  anchor.onclick = answers.yes;
  return anchor;
}

/** Black or white, whichever is easier to read on the colour (WCAG relative luminance). */
export function readableOn(colour: string): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = parts.map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000" : "#fff";
}

function pictureOf(bridge: Bridge, { url, alt, width, height }: NonNullable<Outreach["image"]>): HTMLImageElement {
  const picture = make("img", "");
  picture.alt = alt;
  picture.width = width;
  picture.height = height;
  picture.src = safeAddress(url)?.href ?? bridge.base + url;
  return picture;
}

function pictureAlone(frame: Outreach, picture: HTMLImageElement, answers: Answers): HTMLElement {
  const chosen = choice(frame, "picture", answers);
  chosen.append(picture);
  return chosen;
}

function cardOf(bridge: Bridge, frame: Outreach, picture: HTMLElement | undefined, answers: Answers): HTMLElement[] {
  const own = words[bridge.language()];
  const body = make("div", "body");
  if (frame.agent && frame.kind !== "promotion") body.append(make("p", "from", frame.agent.name));
  if (frame.title) body.append(make("h2", "", frame.title));
  if (frame.text) body.append(make("p", "", frame.text));
  const chosen = choice(frame, "main", answers);
  chosen.textContent = frame.button || (frame.kind === "promotion" ? own.see : own.chat);
  body.append(chosen);
  return picture ? [picture, body] : [body];
}

/** Shows an invite, a promotion or a message on the page. It takes no focus: the visitor may be in the middle of something. */
export function showCard(bridge: Bridge, frame: Outreach, answers: Answers): Card {
  const own = words[bridge.language()];
  const { theme } = bridge.look();
  const alone = frame.style === "image" && !!frame.image;
  const dark =
    theme.scheme === "dark" || (theme.scheme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  const root = bridge.host(css);
  const section = make(
    "section",
    [frame.position, frame.animation, alone && "image", dark && "dark"].filter(Boolean).join(" "),
  );
  const brand = theme.brand || "#1f6feb";
  section.style.setProperty("--brand", brand);
  section.style.setProperty("--on-brand", readableOn(brand));
  section.style.setProperty("--corner", `${theme.corner ?? 12}px`);
  section.setAttribute("role", "dialog");
  section.setAttribute(
    "aria-label",
    [frame.kind === "promotion" ? own.promotion : own.invite, frame.title || frame.agent?.name]
      .filter(Boolean)
      .join(": "),
  );
  section.lang = bridge.language();

  const picture = frame.image ? pictureOf(bridge, frame.image) : undefined;
  section.append(
    ...(alone && picture ? [pictureAlone(frame, picture, answers)] : cardOf(bridge, frame, picture, answers)),
  );
  const close = make("button", "close", "×");
  close.type = "button";
  close.setAttribute("aria-label", own.close);
  close.onclick = answers.no;
  section.append(close);
  section.onkeydown = (event) => {
    if (event.key === "Escape") answers.no();
    event.stopPropagation(); // the page's shortcuts are not for what is typed here
  };

  // What is announced must come into a region that is there already.
  const region = make("div", "");
  region.setAttribute("aria-live", "polite");
  root.append(region);
  const place = (): void => {
    region.append(section);
    answers.shown();
  };
  if (alone && picture) {
    picture.onload = place;
    picture.onerror = answers.fail;
  } else {
    if (picture) picture.onerror = () => picture.remove();
    setTimeout(place);
  }
  return {
    remove: () => root.host.remove(),
    busy: () => section.matches(":hover, :focus-within"),
  };
}
