import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { renderPanel } from "@/app/testing-panel.tsx";
import { WhyDialog } from "./why-dialog.tsx";

afterEach(() => vi.unstubAllGlobals());

const decision = (n: number) => ({
  id: `d${String(n).padStart(2, "0")}`,
  at: new Date(2026, 10, 20, 10, n).getTime(),
  event: { kind: "queued" },
  snapshot: { waiting: [] },
  decision: { conversation_id: "c1", agent_id: "ana" },
  reasons: { conversations: [], agents: [{ agent_id: "ana", reason: "by_turn" }] },
});

/** A server with decisions 1 to `made`, two of them a page; the paths it was asked for are kept. */
function server(made: number) {
  const state = { made, broken: false, asked: [] as string[] };
  vi.stubGlobal("fetch", async (path: string) => {
    state.asked.push(path);
    const before = new URL(path, "http://panel").searchParams.get("before");
    if (before && state.broken) return Response.error();
    const last = before ? Number(before.slice(1)) - 1 : state.made;
    const first = Math.max(1, last - 1);
    const decisions = Array.from({ length: last - first + 1 }, (_, at) => decision(first + at));
    return Response.json({ decisions, offers: [], more: first > 1 });
  });
  return state;
}

const show = () => renderPanel(<WhyDialog id="c1" number={7} name="Maria" onClose={() => {}} />);
const entries = () => Array.from(document.querySelectorAll<HTMLElement>("ol > li[tabindex]"));
const times = () => entries().map((entry) => entry.querySelector("time")?.textContent?.slice(-2));
const older = () => screen.getByRole("button", { name: "Mostrar decisões anteriores" });

it("shows older decisions below, goes on to the first of them, and says the day", async () => {
  server(5);
  await show();
  await waitFor(() => expect(times()).toEqual(["05", "04"]));
  expect(entries()[0]?.textContent).toMatch(/^20\/11.*10:05/);
  await userEvent.click(older());
  await waitFor(() => expect(times()).toEqual(["05", "04", "03", "02"]));
  expect(document.activeElement).toBe(entries()[2]);
  older().focus();
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(times()).toEqual(["05", "04", "03", "02", "01"]));
  expect(document.activeElement).toBe(entries()[4]);
  expect(screen.queryByRole("button", { name: "Mostrar decisões anteriores" })).toBeNull();
});

it("keeps the older ones when the queue changes, and shows what was decided since", async () => {
  const state = server(4);
  const { push } = await show();
  await waitFor(() => expect(entries()).toHaveLength(2));
  await userEvent.click(older());
  await waitFor(() => expect(entries()).toHaveLength(4));
  state.made = 5;
  push({ t: "queue" });
  expect(entries()).toHaveLength(4);
  await waitFor(() => expect(times()).toEqual(["05", "04", "03", "02"]));
  expect(document.activeElement).toBe(entries().find((entry) => entry.textContent?.includes("10:02")));
});

it("does not lose the press when the list is just being read again, and reads that again afterwards", async () => {
  const state = server(4);
  const { push } = await show();
  await waitFor(() => expect(entries()).toHaveLength(2));
  state.made = 5;
  push({ t: "queue" });
  await userEvent.click(older());
  await waitFor(() => expect(times()).toEqual(["05", "04", "03", "02"]));
});
