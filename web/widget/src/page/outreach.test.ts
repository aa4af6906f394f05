// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { conversation, type FakeBridge, fakeBridge } from "../../test/fakes";
import type { Outreach } from "../protocol";
import { outreach } from "./outreach";
import { readableOn } from "./outreach-card";

const invite: Outreach = {
  t: "outreach",
  id: "d1",
  kind: "invite",
  style: "card",
  title: "Olá!",
  text: "<img src=x onerror=alert(1)>",
  button: "",
  image: null,
  link: "",
  url: "",
  position: "bottom_right",
  animation: "slide",
  seconds: 0,
  department: "sales",
  agent: { name: "Ana" },
};
const promotion: Outreach = {
  ...invite,
  kind: "promotion",
  link: "https://shop.example/oferta",
  department: null,
  agent: null,
};

let bridge: FakeBridge;
let roots: ShadowRoot[];
let take: (frame: Outreach) => void;

/** The next page of the same tab. */
function nextPage(): void {
  const kept = bridge?.session;
  bridge = Object.assign(fakeBridge(), kept && { session: kept });
  bridge.at.open = false;
  roots = [];
  bridge.host = () => {
    const element = document.createElement("div");
    document.body.append(element);
    const root = element.attachShadow({ mode: "open" });
    roots.push(root);
    return root;
  };
  const frames = outreach(bridge).frames;
  take = (frame) => frames?.outreach?.(frame);
}

const states = () => bridge.sent.map((frame) => (frame.t === "outreach" ? frame.state : frame.t));
const card = () => roots.at(-1)?.querySelector("section") ?? null;
const shown = () => card()?.isConnected === true;
const press = (selector: string) => card()?.querySelector<HTMLElement>(selector)?.click();
const settle = () => vi.advanceTimersByTime(0);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  document.body.replaceChildren();
  nextPage();
});
afterEach(() => {
  vi.useRealTimers();
  bridge = undefined as unknown as FakeBridge;
});

describe("an invite", () => {
  it("is shown as text, and accepted it opens the chat in its department", () => {
    take(invite);
    settle();
    expect(states()).toEqual(["delivered", "shown"]);
    expect(card()?.querySelector("img")).toBeNull();
    expect(card()?.textContent).toContain("onerror");
    expect(card()?.getAttribute("aria-label")).toBe("Convite para conversar: Olá!");
    press(".main");
    expect(states()).toEqual(["delivered", "shown", "accepted"]);
    expect(bridge.isOpen()).toBe(true);
    expect(bridge.context.department).toBe("sales");
    expect(bridge.session.get("invite")).toBe("d1");
    expect(shown()).toBe(false);
  });

  it("is refused by its button and by Escape, once", () => {
    take(invite);
    settle();
    press(".close");
    press(".close");
    take({ ...invite, id: "d2" });
    settle();
    card()?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    expect(states()).toEqual(["delivered", "shown", "refused", "delivered", "shown", "refused"]);
  });

  it("waits until the page is looked at", () => {
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    take(invite);
    settle();
    expect(states()).toEqual(["delivered"]);
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event("visibilitychange"));
    expect(states()).toEqual(["delivered", "shown"]);
  });

  it("leaves what it says to the chat that takes its place", () => {
    bridge.at.open = true;
    take(invite);
    expect(JSON.parse(bridge.session.get("said") ?? "[]").slice(1)).toEqual([invite.title, invite.text]);
    take({ ...invite, id: "next", title: "", text: "", kind: "open" });
    expect(bridge.session.get("said")).toBeNull();
  });

  it("is accepted by opening the chat, and at once when the chat is open", () => {
    take(invite);
    settle();
    bridge.show(true);
    expect(states()).toEqual(["delivered", "shown", "accepted"]);
    take({ ...invite, id: "d2" });
    expect(states().slice(3)).toEqual(["delivered", "accepted"]);
  });

  it("goes away when the visitor asked for contact on another page", () => {
    take(invite);
    settle();
    bridge.play({ t: "conversation", conversation: conversation({ state: "waiting" }) });
    expect(shown()).toBe(false);
    expect(states()).toEqual(["delivered", "shown"]);
  });

  it("vanishes when its seconds are over, counted over the pages", () => {
    take({ ...invite, seconds: 30 });
    settle();
    vi.advanceTimersByTime(20_000);
    nextPage();
    take({ ...invite, seconds: 30 });
    settle();
    expect(states()).toEqual(["shown"]);
    vi.advanceTimersByTime(9_000);
    expect(shown()).toBe(true);
    vi.advanceTimersByTime(2_000);
    expect(shown()).toBe(false);
    expect(states()).toEqual(["shown", "expired"]);
  });

  it("repeats an answer that was lost instead of asking twice", () => {
    take(invite);
    settle();
    bridge.at.link = "lost";
    press(".close");
    nextPage();
    take(invite);
    settle();
    expect(states()).toEqual(["refused"]);
    expect(card()).toBeNull();
  });

  it("is not shown twice when the line came back", () => {
    take(invite);
    settle();
    take(invite);
    settle();
    expect(roots).toHaveLength(1);
    expect(states()).toEqual(["delivered", "shown", "shown"]);
  });
});

describe("a picture", () => {
  const picture: Outreach = {
    ...invite,
    style: "image",
    image: { url: "/v/images/i1", alt: "Atendente", width: 300, height: 200 },
  };

  it("is shown when it is there", () => {
    const made = vi.spyOn(document, "createElement");
    take(picture);
    const image = made.mock.results.map(({ value }) => value).find((e) => e instanceof HTMLImageElement);
    expect(image?.src).toBe("https://chat.example/v/images/i1");
    expect(image?.alt).toBe("Atendente");
    expect(states()).toEqual(["delivered"]);
    image?.onload?.(new Event("load"));
    expect(states()).toEqual(["delivered", "shown"]);
    press(".picture");
    expect(states()).toEqual(["delivered", "shown", "accepted"]);
  });

  it("fails when the page's policy or the network refuses it", () => {
    const made = vi.spyOn(document, "createElement");
    take(picture);
    const image = made.mock.results.map(({ value }) => value).find((e) => e instanceof HTMLImageElement);
    image?.onerror?.(new Event("error"));
    expect(states()).toEqual(["delivered", "failed"]);
    expect(shown()).toBe(false);
  });
});

describe("a promotion", () => {
  it("is a link, elsewhere in another tab", () => {
    take(promotion);
    settle();
    const link = card()?.querySelector("a");
    expect([link?.href, link?.target, link?.textContent]).toEqual(["https://shop.example/oferta", "", "Ver"]);
    link?.addEventListener("click", (event) => event.preventDefault());
    link?.click();
    expect(states()).toEqual(["delivered", "shown", "clicked"]);
    take({ ...promotion, id: "d2", link: "https://elsewhere.example/" });
    settle();
    expect(card()?.querySelector("a")?.target).toBe("_blank");
    expect(card()?.querySelector("a")?.rel).toBe("noopener noreferrer");
  });

  it("never carries a script", () => {
    take({ ...promotion, link: "javascript:alert(1)" });
    settle();
    expect(card()?.querySelector("a")).toBeNull();
  });

  it("stays while the chat is opened", () => {
    take(promotion);
    settle();
    bridge.show(true);
    expect(shown()).toBe(true);
  });
});

describe("the others", () => {
  it("a redirect to where the visitor is already goes nowhere", () => {
    take({ ...invite, kind: "redirect", url: location.href });
    expect(states()).toEqual(["delivered", "accepted"]);
  });

  it("a redirect to a script fails", () => {
    take({ ...invite, kind: "redirect", url: "javascript:alert(1)" });
    expect(states()).toEqual(["delivered", "failed"]);
  });

  it("the chat opens by itself", () => {
    take({ ...invite, kind: "open" });
    expect(states()).toEqual(["delivered", "accepted"]);
    expect(bridge.isOpen()).toBe(true);
  });
});

it("writes on the brand's colour what can be read", () => {
  expect(readableOn("#ffd43b")).toBe("#000");
  expect(readableOn("#0f766e")).toBe("#fff");
  expect(readableOn("nonsense")).toBe("#fff");
});
