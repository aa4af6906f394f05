import type { QueueAgent, QueueEntry, QueueStatus } from "@aceno/contract";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { aSnapshot } from "@/app/live/testing.ts";
import { renderPanel } from "@/app/testing-panel.tsx";
import { partsOf } from "./agent-table.tsx";
import { QueueDialog } from "./queue-dialog.tsx";

const told = vi.hoisted(() => vi.fn(async () => {}));
vi.mock("@/shared/notify.ts", () => ({ notify: told }));

const entry = (id: string, position: number): QueueEntry => ({
  conversation_id: id,
  number: 2026000000 + position,
  visitor_name: `Visitante ${id}`,
  department_id: "sales",
  queue_entered_at: 990_000 + position,
  position,
  estimate: { low_seconds: 70, high_seconds: 200 },
  priority: 0,
  language: "",
  skills: [],
  rules: [],
  offered_to: null,
  reserved_for: null,
  contact_offered: false,
  why: "nobody_able",
});
const agent = (id: string, change: Partial<QueueAgent> = {}): QueueAgent => ({
  agent_id: id,
  active: 1,
  limit: 5,
  present: true,
  status: "online",
  method: "roulette",
  ready: true,
  offers: 0,
  skipped: false,
  turn: 0,
  supervised: true,
  unable: "",
  ...change,
});
const status: QueueStatus = {
  departments: [
    {
      department_id: "sales",
      waiting: 2,
      longest_since: 990_001,
      active: 2,
      order: "round_robin",
      order_version: 4,
      supervised: true,
      service_level: { target_seconds: 60, decided: 4, within: 3, breached: 1 },
      estimate: { low_seconds: 10, high_seconds: 40 },
      next: [
        { agent_id: "ana", reason: "by_turn" },
        { agent_id: "bruno", reason: "not_ready" },
      ],
    },
  ],
  agents: [agent("bruno", { turn: 2, unable: "not_ready" }), agent("ana", { turn: 1 })],
  waiting: [entry("a", 1), entry("b", 2)],
  offers: [],
  next: null,
  roulette_version: 7,
};

afterEach(() => vi.unstubAllGlobals());

function server(answers: Record<string, () => Response>) {
  const sent: { path: string; body: unknown }[] = [];
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    if (init?.method === "PUT") sent.push({ path, body: JSON.parse(`${init.body}`) });
    return (answers[`${init?.method ?? "GET"} ${path}`] ?? (() => Response.error()))();
  });
  return sent;
}

const shown = { "GET /api/queue": () => Response.json(status) };

async function open(permissions: string[]) {
  const { me, agents } = aSnapshot(10);
  const [first] = agents;
  await renderPanel(<QueueDialog />, {
    snapshot: {
      me: { ...me, permissions },
      agents: first
        ? [
            { ...first, id: "ana", name: "Ana" },
            { ...first, id: "bruno", name: "Bruno" },
          ]
        : [],
    },
  });
  return await screen.findByTestId("waiting");
}

describe("the status window", () => {
  it("tells places, estimates, and whom the roulette asks next and why", async () => {
    server(shown);
    const waiting = await open(["queue.view"]);
    const [, first] = within(waiting).getAllByRole("row");
    expect(first?.textContent).toContain("Visitante a");
    expect(first?.textContent).toContain("1–4 min");
    screen.getByText("menos de 1 min");
    screen.getByText("75 %");
    screen.getAllByText("· espera uma oferta há mais tempo");
    expect(screen.queryByRole("button", { name: /arraste/ })).toBeNull();
    const [reasons] = screen.getAllByRole("button", { name: /Roleta de/ });
    if (reasons) await userEvent.click(reasons);
    screen.getByText("· não notaria: aba suspensa ou som bloqueado");
  });

  it("lets a supervisor put the queue in order with the keyboard", async () => {
    const after = { ...status, waiting: [entry("b", 1), entry("a", 2)] };
    const sent = server({ ...shown, "PUT /api/queue/order": () => Response.json(after) });
    const waiting = await open(["queue.view", "supervision.use"]);
    const handle = within(waiting).getByRole("button", { name: /Mudar Visitante b de lugar/ });
    handle.focus();
    await userEvent.keyboard("{ArrowUp}");
    await waitFor(() => expect(within(waiting).getAllByRole("row")[1]?.textContent).toContain("Visitante b"));
    expect(sent).toEqual([
      { path: "/api/queue/order", body: { department_id: "sales", version: 4, conversation_ids: ["b", "a"] } },
    ]);
    expect(within(waiting).getByRole("status").textContent).toBe("Visitante b está agora no lugar 1.");
    expect(document.activeElement).toBe(within(waiting).getByRole("button", { name: /Mudar Visitante b de lugar/ }));
  });

  it("says that somebody was quicker, and shows the order of now", async () => {
    const stale = () =>
      Response.json(
        { type: "about:blank", title: "", status: 409, code: "stale", detail: "velha", fields: [] },
        { status: 409, headers: { "Content-Type": "application/problem+json" } },
      );
    const sent = server({ ...shown, "PUT /api/queue/order": stale });
    const waiting = await open(["queue.view", "supervision.use"]);
    within(waiting)
      .getByRole("button", { name: /Mudar Visitante b de lugar/ })
      .focus();
    await userEvent.keyboard("{ArrowUp}");
    await waitFor(() => expect(sent).toHaveLength(1));
    await waitFor(() => expect(within(waiting).getAllByRole("row")[1]?.textContent).toContain("Visitante a"));
    expect(told).toHaveBeenCalledWith(expect.objectContaining({ tone: "warning" }));
  });

  it("lists the roulette by turns and skips an agent", async () => {
    const sent = server({ ...shown, "PUT /api/roulette": () => Response.json(status) });
    await open(["queue.view", "supervision.use"]);
    await userEvent.click(screen.getByText(/Atendentes e roleta/));
    const rows = within(screen.getByTestId("agents")).getAllByRole("row").slice(1);
    expect(rows.map((row) => row.textContent?.includes("Ana"))).toEqual([true, false]);
    await userEvent.click(screen.getByRole("button", { name: "Ações: Bruno" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Pular na roleta" }));
    await waitFor(() =>
      expect(sent).toEqual([
        { path: "/api/roulette", body: { version: 7, agents: [{ agent_id: "bruno", skipped: true }] } },
      ]),
    );
  });
});

it("tells each part of an agent's presence", () => {
  const presence = { present: true, connected: true, awake: false, sound: true, quiet: true, ready: false };
  expect(partsOf({ present: true }, presence).map(({ part, on, quiet }) => [part, on, quiet])).toEqual([
    ["connection", true, false],
    ["awake", false, false],
    ["sound", false, true],
  ]);
  expect(partsOf({ present: false }, undefined).every(({ on }) => !on)).toBe(true);
});
