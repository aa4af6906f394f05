import type { RoutingRule } from "@aceno/contract";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { renderPanel } from "@/app/testing-panel.tsx";
import { inAdmin } from "@/features/admin/testing.tsx";
import { draftOf } from "./rule.ts";
import { RuleEditor } from "./rule-editor.tsx";
import { RoutingPage } from "./rules-page.tsx";

function aRule(id: string, change: Partial<RoutingRule> = {}): RoutingRule {
  return {
    id,
    name: `Regra ${id}`,
    active: true,
    match: "all",
    conditions: [{ field: "country", operator: "is", values: ["PT"] }],
    priority: 2,
    skills: [],
    version: 3,
    created_at: 0,
    updated_at: 0,
    ...change,
  };
}

type Asked = { method: string; path: string; body: Record<string, unknown> };

/** A server with these rules, which answers changes as the test says; what was asked of it. */
function server(rules: RoutingRule[], refusal?: { status: number; body: object }) {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    const method = init?.method ?? "GET";
    if (method === "GET") return Response.json({ rules });
    asked.push({ method, path, body: JSON.parse(String(init?.body ?? "{}")) });
    if (refusal) return Response.json(refusal.body, { status: refusal.status });
    return Response.json(path.endsWith("rules-order") ? { rules } : rules[0]);
  });
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

it("says each rule in plain words, moves one, and switches one with all that it says", async () => {
  const asked = server([aRule("a"), aRule("b", { priority: null, skills: ["vip"], active: false })]);
  await renderPanel(inAdmin(<RoutingPage />));
  const lines = (await screen.findAllByRole("row")).slice(1);
  expect(
    within(lines[0] as HTMLElement).getByText("Quando o país é Portugal: prioridade 2 (vale 10 min de espera)."),
  ).toBeTruthy();
  expect(within(lines[1] as HTMLElement).getByText("Quando o país é Portugal: atendente com vip.")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Conferir Regra a antes" })).toHaveProperty("disabled", true);
  await userEvent.click(screen.getByRole("button", { name: "Conferir Regra b antes" }));
  await userEvent.click(screen.getByRole("switch", { name: "Ligar ou desligar Regra b" }));
  await waitFor(() => expect(asked).toHaveLength(2));
  expect(asked[0]).toMatchObject({ method: "PUT", path: "/api/routing/rules-order", body: { rule_ids: ["b", "a"] } });
  expect(asked[1]?.body).toMatchObject({ active: true, skills: ["vip"], version: 3 });
  expect(asked[1]?.body).not.toHaveProperty("priority");
});

it("shows a refusal at its condition, and who has none of the skills", async () => {
  const rule = aRule("a", { skills: ["mandarim"] });
  server([rule], {
    status: 400,
    body: {
      type: "about:blank",
      title: "",
      status: 400,
      code: "validation",
      detail: "",
      fields: [{ field: "conditions.0.values", code: "unknown", detail: "Não existe." }],
    },
  });
  await renderPanel(inAdmin(<RuleEditor rule={rule} initial={draftOf(rule)} />));
  expect(screen.getByText("Nenhum atendente tem: mandarim.")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Salvar regra" }));
  expect(await screen.findByText("Não existe.")).toBeTruthy();
});

it("tells that somebody else was quicker", async () => {
  const rule = aRule("a");
  const asked = server([rule], {
    status: 409,
    body: { type: "about:blank", title: "", status: 409, code: "stale", detail: "" },
  });
  await renderPanel(inAdmin(<RuleEditor rule={rule} initial={draftOf(rule)} onReload={async () => {}} />));
  await userEvent.click(screen.getByRole("button", { name: "Salvar regra" }));
  expect(await screen.findByText(/Outra pessoa mudou esta regra/)).toBeTruthy();
  expect(asked[0]?.body.version).toBe(3);
});
