import type { GridRow, OutreachTemplate } from "@aceno/contract";
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { renderPanel } from "@/app/testing-panel.tsx";
import { OutreachDialog } from "./outreach-dialog.tsx";

const none = { title: "", text: "", button: "" };
const template: OutreachTemplate = {
  id: "t1",
  kind: "invite",
  name: "Boas-vindas",
  style: "card",
  image: null,
  image_alt: "",
  texts: { pt: { title: "Olá!", text: "Posso ajudar?", button: "" }, en: none, es: none },
  link: "",
  position: "bottom_right",
  animation: "slide",
  seconds: 0,
  department_id: null,
  usable_by: { everybody: true, roles: [], department_ids: [] },
  active: true,
  updated_at: 1,
};
const to = [
  { id: "v1", n: 1, name: "Maria", email: "" },
  { id: "v2", n: 2, name: "", email: "" },
] as GridRow[];

afterEach(() => vi.unstubAllGlobals());

function server(answers: Record<string, () => Response>) {
  const sent: { client_id: string }[] = [];
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    if (init?.method === "POST") sent.push(JSON.parse(`${init.body}`));
    return (answers[`${init?.method ?? "GET"} ${path}`] ?? (() => Response.error()))();
  });
  return sent;
}

const templates = { "GET /api/outreach/templates": () => Response.json({ templates: [template] }) };
const problem = (fields: object[]) =>
  Response.json(
    { type: "about:blank", title: "", status: 422, code: "validation", detail: "Há campos inválidos.", fields },
    { status: 422, headers: { "Content-Type": "application/problem+json" } },
  );

describe("an invite", () => {
  it("is chosen, previewed and sent to everybody selected; who was refused stays on the screen", async () => {
    const sent = server({
      ...templates,
      "POST /api/outreach/deliveries": () =>
        Response.json({
          results: [
            { visit_id: "v1", delivery: {}, refused: null, detail: "" },
            { visit_id: "v2", delivery: null, refused: "visitor_gone", detail: "O visitante já saiu do site." },
          ],
        }),
    });
    const close = vi.fn();
    await renderPanel(<OutreachDialog sending={{ kind: "invite", to }} onClose={close} />);
    expect(screen.getByText("Maria, Visitante 2")).toBeDefined();
    await userEvent.click(await screen.findByRole("radio", { name: "Boas-vindas" }));
    expect(screen.getByRole("complementary", { name: "Como o visitante vê" }).textContent).toContain("Posso ajudar?");
    await userEvent.click(screen.getByRole("button", { name: "Enviar" }));
    expect((await screen.findByRole("alert")).textContent).toBe("Visitante 2: O visitante já saiu do site.");
    expect(sent[0]).toMatchObject({ visit_ids: ["v1", "v2"], template_id: "t1" });
    expect(close).not.toHaveBeenCalled();
  });

  it("says when there is none", async () => {
    server({ "GET /api/outreach/templates": () => Response.json({ templates: [] }) });
    await renderPanel(<OutreachDialog sending={{ kind: "invite", to }} onClose={vi.fn()} />);
    expect(await screen.findByText(/^Nenhum convite cadastrado/)).toBeDefined();
    expect(screen.getByRole("button", { name: "Enviar" })).toHaveProperty("disabled", true);
  });
});

describe("a redirect", () => {
  it("shows what is wrong with the address beside it", async () => {
    server({
      "GET /api/outreach/settings": () => Response.json({ per_visit: 5, redirect: "own_domains" }),
      "POST /api/outreach/deliveries": () =>
        problem([{ field: "url", code: "not_allowed", detail: "Use um destes: loja.example." }]),
    });
    await renderPanel(<OutreachDialog sending={{ kind: "redirect", to }} onClose={vi.fn()} />);
    const field = screen.getByRole("textbox", { name: "Endereço" });
    await userEvent.type(field, "https://evil.example/{Enter}");
    expect(await screen.findByText("Use um destes: loja.example.")).toBeDefined();
    expect(screen.getByText(/Somente endereços dos domínios/)).toBeDefined();
  });

  it("closes when all were sent", async () => {
    server({
      "GET /api/outreach/settings": () => Response.json({ per_visit: 5, redirect: "anywhere" }),
      "POST /api/outreach/deliveries": () =>
        Response.json({ results: [{ visit_id: "v1", delivery: {}, refused: null, detail: "" }] }),
    });
    const close = vi.fn();
    await renderPanel(<OutreachDialog sending={{ kind: "redirect", to }} onClose={close} />);
    await userEvent.type(screen.getByRole("textbox", { name: "Endereço" }), "https://loja.example/{Enter}");
    await vi.waitFor(() => expect(close).toHaveBeenCalled());
  });
});
