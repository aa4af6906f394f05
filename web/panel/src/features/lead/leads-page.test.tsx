import type { Lead, LeadPage } from "@aceno/contract";
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { renderPanel } from "@/app/testing-panel.tsx";
import { inAdmin } from "@/features/admin/testing.tsx";
import { LeadsPage } from "./leads-page.tsx";

function aLead(number: number, change: Partial<Lead> = {}): Lead {
  return {
    id: `l${number}`,
    site_id: "s1",
    visitor_id: `v${number}`,
    number,
    name: "",
    email: "",
    trigger_id: "t1",
    trigger_name: "Quer comprar",
    page_url: "https://loja.exemplo.com/carrinho",
    marked_at: 1000,
    first: {
      at: 1,
      entry_url: "https://loja.exemplo.com/",
      referrer: "",
      referrer_kind: "direct",
      referrer_name: "",
      utm_source: "",
      utm_medium: "",
      utm_campaign: "",
    },
    ...change,
  };
}

/** A server with these leads; what was asked of it. */
function server(leads: Lead[]) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    asked.push(`${init?.method ?? "GET"} ${path}`);
    if (init?.method === "DELETE") {
      leads = leads.filter(({ id }) => !path.endsWith(id));
      return new Response(null, { status: 204 });
    }
    const origins: LeadPage["origins"] = [
      { referrer_kind: "search", referrer_name: "Google", count: 3 },
      { referrer_kind: "direct", referrer_name: "", count: 1 },
    ];
    return Response.json({ leads, more: false, total: leads.length === 0 ? 0 : 4, origins });
  });
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

it("lists whom rules marked, with the credit to the first origin and its share", async () => {
  server([aLead(1, { name: "Maria" }), aLead(2)]);
  await renderPanel(inAdmin(<LeadsPage />));
  const table = await screen.findByRole("table", { name: "Leads" });
  expect(within(table).getByText("Maria")).toBeTruthy();
  expect(within(table).getByText("Visitante 2")).toBeTruthy();
  expect(within(table).getAllByText("Direto")).toHaveLength(2);
  expect(screen.getByText("Google").closest("li")?.textContent).toContain("3 · 75");
});

it("asks for another period, and takes a mark away only after a question", async () => {
  const asked = server([aLead(1, { name: "Maria" })]);
  await renderPanel(inAdmin(<LeadsPage />));
  await screen.findByText("Maria");
  expect(asked[0]).toContain("/api/leads?since=");
  await userEvent.click(screen.getByRole("combobox", { name: "Período" }));
  await userEvent.click(await screen.findByRole("option", { name: "Desde sempre" }));
  await vi.waitFor(() => expect(asked).toContain("GET /api/leads"));
  await userEvent.click(await screen.findByRole("button", { name: "Desmarcar Maria" }));
  const dialog = await screen.findByRole("dialog");
  expect(asked.some((line) => line.startsWith("DELETE"))).toBe(false);
  await userEvent.click(within(dialog).getByRole("button", { name: "Desmarcar" }));
  expect(await screen.findByText(/Nenhum lead no período/)).toBeTruthy();
  expect(asked).toContain("DELETE /api/leads/l1");
});
