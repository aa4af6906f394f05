// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FakeBridge, fakeBridge, look } from "../../test/fakes";
import type { LauncherView } from "../bridge";
import { call, popupAddress } from "./call";

let bridge: FakeBridge;

const view = (more: Partial<LauncherView> = {}): LauncherView => ({
  open: false,
  online: true,
  unread: 0,
  hidden: false,
  language: "pt",
  look: bridge.look(),
  ...more,
});
const button = () => document.querySelector("aceno-chat")?.shadowRoot?.querySelector("button") ?? null;

beforeEach(() => {
  bridge = fakeBridge();
  bridge.host = () => {
    const element = document.createElement("aceno-chat");
    document.body.append(element);
    return element.attachShadow({ mode: "open" });
  };
  call(bridge);
});
afterEach(() => {
  document.body.innerHTML = "";
});

function draw(mode: number, more: Partial<LauncherView> = {}): void {
  bridge.chosen.call_mode = mode;
  bridge.hooks.draw?.(view(more));
}

describe("the call", () => {
  it("is named by what it says, new messages and absence included", () => {
    draw(1, { unread: 2 });
    expect(button()?.getAttribute("aria-label")).toBe("Atendimento online, mensagens novas: 2");
    draw(1, { online: false, language: "en" });
    expect(button()?.getAttribute("aria-label")).toBe("We are offline");
    draw(1, { look: { ...bridge.look(), labels: { pt: "Fale <b>conosco</b>" } } });
    expect(button()?.querySelector("span")?.textContent).toBe("Fale <b>conosco</b>");
  });

  it("stands in place, else at the bottom, and nowhere in mode 5 or where the loader draws", () => {
    draw(0);
    expect(button()?.parentElement?.className).toBe("at1");
    const spot = document.createElement("span");
    spot.id = "tolvnow";
    document.body.append(spot);
    draw(0);
    expect(spot.querySelector("aceno-chat")).not.toBeNull();
    draw(2);
    expect(spot.querySelector("aceno-chat")).toBeNull();
    for (const mode of [5, 10, 11]) {
      draw(2);
      draw(mode);
      expect(button(), `${mode}`).toBeNull();
    }
    draw(2, { hidden: true });
    expect(button()).toBeNull();
  });

  it("takes back a number that means nothing", () => {
    for (const mode of [8, 9, 12, -1, Number.NaN]) {
      draw(mode);
      expect(bridge.chosen.call_mode).toBeUndefined();
    }
  });

  it("shows the site's image, and its words where the image is not there", () => {
    const theme = { ...look.theme, launcher_online: "/v/images/1", launcher_offline: "https://cdn.example/away.png" };
    bridge.chosen.theme = theme;
    draw(11);
    const image = button()?.querySelector("img") as HTMLImageElement;
    expect(image.src).toBe("https://chat.example/v/images/1");
    image.onerror?.(new Event("error"));
    expect(image.hidden).toBe(true);
    expect(button()?.querySelector("span")?.hidden).toBe(false);
    draw(11);
    expect(image.hidden).toBe(true);
    draw(11, { online: false });
    expect(image.src).toBe("https://cdn.example/away.png");
    expect(image.hidden).toBe(false);
  });
});

describe("the window", () => {
  it("opens for pop-ups only, once, with the token where no server sees it", () => {
    const other = { closed: false, focus: vi.fn() };
    const opened = vi.spyOn(window, "open").mockReturnValue(other as unknown as Window);
    expect(bridge.hooks.open?.()).toBe(false);
    bridge.chosen.chat_mode = "popup";
    // Forcing the pop-up over the widget needs the call mode as well.
    expect(bridge.hooks.open?.()).toBe(false);
    bridge.chosen.call_mode = 5;
    expect(bridge.hooks.open?.()).toBe(true);
    expect(bridge.hooks.open?.()).toBe(true);
    expect(opened).toHaveBeenCalledTimes(1);
    expect(other.focus).toHaveBeenCalledTimes(1);
    const address = new URL(popupAddress(bridge));
    expect(address.origin + address.pathname).toBe("https://chat.example/chat/k1");
    expect(address.search).not.toContain("T1");
    expect(address.hash).toBe("#token=T1");
    bridge.session.set("invite", "d1");
    expect(new URL(popupAddress(bridge)).hash).toBe("#token=T1&invite=d1");
  });

  it("leaves it to the page when the browser refuses", () => {
    vi.spyOn(window, "open").mockReturnValue(null);
    bridge.chosen.chat_mode = "popup";
    bridge.chosen.call_mode = 1;
    expect(bridge.hooks.open?.()).toBe(false);
  });
});
