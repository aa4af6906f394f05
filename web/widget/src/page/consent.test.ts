// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeBridge } from "../../test/fakes";
import type { Bridge } from "../bridge";
import { openStore } from "../loader/storage";
import { consent } from "./consent";

let bridge: Bridge;
let reconnects: number;

function start(): ReturnType<typeof consent> {
  return consent(bridge);
}

/** The notice's elements, as a visitor sees them. */
function notice(): { box: Element | null; press(name: string): void } {
  const host = [...document.querySelectorAll("aceno-chat")].at(-1);
  const box = host?.shadowRoot?.querySelector("section") ?? null;
  return {
    box,
    press(name) {
      const button = [...(box?.querySelectorAll("button") ?? [])].find((one) => one.textContent === name);
      if (!button) throw new Error(`no button ${name}`);
      button.click();
    },
  };
}

beforeEach(() => {
  reconnects = 0;
  bridge = Object.assign(fakeBridge(), {
    local: openStore("localStorage", "k1"),
    session: openStore("sessionStorage", "k1"),
    reconnect: () => {
      reconnects++;
    },
    host() {
      const element = document.createElement("aceno-chat");
      document.body.append(element);
      return element.attachShadow({ mode: "open" });
    },
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
  localStorage.clear();
  sessionStorage.clear();
});

describe("consent", () => {
  it("asks, and makes the visit a known one after the answer", () => {
    start().frames?.consent?.({ t: "consent", id: "notice", policy_url: "https://shop.example/privacy" });
    const { box, press } = notice();
    expect(box?.getAttribute("aria-label")).toBe("Privacidade");
    expect(box?.querySelector("a")?.rel).toBe("noopener noreferrer");
    expect(reconnects).toBe(0);
    press("Aceitar");
    expect(bridge.context.consent).toBe(true);
    expect(reconnects).toBe(1);
    expect(notice().box).toBeNull();
  });

  it("remembers a refusal in the tab, without an identifier, and asks no more", () => {
    start().frames?.consent?.({ t: "consent", id: "notice", policy_url: "" });
    notice().press("Recusar");
    expect(bridge.context.consent).toBe(false);
    expect({ ...sessionStorage }).toEqual({ "aceno.k1.refused": "1" });
    expect(localStorage).toHaveLength(0);
    expect(reconnects).toBe(0);
    delete bridge.context.consent;
    start().frames?.consent?.({ t: "consent", id: "notice", policy_url: "" });
    expect(notice().box).toBeNull();
    expect(bridge.context.consent).toBe(false);
  });

  it("takes everything from the device when consent is taken back", () => {
    localStorage.setItem("other", "theirs");
    bridge.local.keep(true);
    bridge.local.set("token", "T");
    bridge.local.set("seen", "c:1");
    start().commands?.consent?.(false, undefined);
    expect({ ...localStorage }).toEqual({ other: "theirs" });
    expect(bridge.local.get("token")).toBeNull();
    expect(reconnects).toBe(1);
  });

  it("does nothing when the site says again what is known, and ignores what is no answer", () => {
    bridge.local.keep(true);
    bridge.local.set("token", "T");
    const { commands } = start();
    commands?.consent?.(true, undefined);
    commands?.consent?.(true, undefined);
    commands?.consent?.("yes", undefined);
    expect(reconnects).toBe(0);
    expect(bridge.context.consent).toBe(true);
  });

  it("shows no link that is not one, and one notice only", () => {
    const topic = start();
    for (let i = 0; i < 3; i++)
      topic.frames?.consent?.({ t: "consent", id: "notice", policy_url: "javascript:alert(1)" });
    expect(document.querySelectorAll("aceno-chat")).toHaveLength(1);
    expect(notice().box?.querySelector("a")).toBeNull();
  });

  it("works where storage is refused", () => {
    vi.spyOn(window, "sessionStorage", "get").mockImplementation(() => {
      throw new DOMException("no", "SecurityError");
    });
    start().frames?.consent?.({ t: "consent", id: "notice", policy_url: "" });
    notice().press("Recusar");
    expect(bridge.context.consent).toBe(false);
  });
});
