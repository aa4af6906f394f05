import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { aConversation } from "@/app/live/testing.ts";
import { renderPanel } from "@/app/testing-panel.tsx";
import { IntegrationsTab } from "./integrations-tab.tsx";

afterEach(() => vi.unstubAllGlobals());

const conversation = aConversation({ id: "c1" });

describe("a page of the account's own", () => {
  it("is framed in a sandbox, without a referrer, and asked for anew only by hand", async () => {
    let asked = 0;
    vi.stubGlobal("fetch", async () => {
      asked++;
      return Response.json({
        frames: [
          { id: "i1", name: "Clientes", url: `https://crm.example.com/?aceno=${asked}` },
          { id: "i2", name: "Pedidos", url: "https://orders.example.com/" },
        ],
      });
    });
    await renderPanel(<IntegrationsTab conversation={conversation} />);
    const user = userEvent.setup();
    const frame = await screen.findByTitle("Clientes");
    expect(frame.getAttribute("src")).toBe("https://crm.example.com/?aceno=1");
    expect(frame.getAttribute("sandbox")).not.toContain("top-navigation");
    expect(frame.getAttribute("referrerpolicy")).toBe("no-referrer");
    await user.click(screen.getByRole("button", { name: "Pedidos" }));
    expect(screen.getByTitle("Pedidos")).toBeTruthy();
    expect(screen.queryByTitle("Clientes")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Clientes" }));
    expect(asked).toBe(1);
    await user.click(screen.getByRole("button", { name: "Carregar de novo" }));
    expect((await screen.findByTitle("Clientes")).getAttribute("src")).toBe("https://crm.example.com/?aceno=2");
  });

  it("of the panel's own origin is never framed", async () => {
    vi.stubGlobal("fetch", async () =>
      Response.json({ frames: [{ id: "i1", name: "Painel", url: `${window.location.origin}/` }] }),
    );
    await renderPanel(<IntegrationsTab conversation={conversation} />);
    expect((await screen.findByRole("alert")).textContent).toContain("Aceno");
    expect(screen.queryByTitle("Painel")).toBeNull();
  });
});
