import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { renderPanel } from "@/app/testing-panel.tsx";
import { DesktopSwitch } from "./desktop-switch.tsx";

/** The browser's notices, whose permission the test decides. */
function browser(permission: NotificationPermission, answer: NotificationPermission = permission) {
  const shown: string[] = [];
  class FakeNotification {
    static permission = permission;
    static async requestPermission() {
      FakeNotification.permission = answer;
      return answer;
    }
    onclick: (() => void) | null = null;
    constructor(title: string) {
      shown.push(title);
    }
    close() {}
  }
  vi.stubGlobal("Notification", FakeNotification);
  return shown;
}

afterEach(() => vi.unstubAllGlobals());

it("asks the browser when it is switched on, and stays off when that says no", async () => {
  browser("default", "denied");
  const { services } = await renderPanel(<DesktopSwitch />);
  fireEvent.click(screen.getByRole("switch"));
  await waitFor(() => expect(screen.getByRole("switch")).toHaveProperty("disabled", true));
  expect(services.preferences.get().desktop).toBe(false);
});

it("shows what is announced only while no tab is in view", async () => {
  const shown = browser("default", "granted");
  const { services } = await renderPanel(<DesktopSwitch />);
  fireEvent.click(screen.getByRole("switch"));
  await waitFor(() => expect(services.preferences.get().desktop).toBe(true));
  services.live.reportSelf({ visible: true });
  services.alerts.announce("waiting", "Atendimento para você: Maria");
  expect(shown).toEqual([]);
  services.live.reportSelf({ visible: false });
  services.alerts.announce("waiting", "Atendimento para você: Rita");
  expect(shown).toEqual(["Atendimento para você: Rita"]);
  services.preferences.update({ desktop: false });
  services.alerts.announce("waiting", "Atendimento para você: Caio");
  expect(shown).toHaveLength(1);
});
