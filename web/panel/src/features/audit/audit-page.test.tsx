import type { AuditEntry } from "@aceno/contract";
import { screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { renderPanel } from "@/app/testing-panel.tsx";
import { AuditPage } from "./audit-page.tsx";

afterEach(() => vi.unstubAllGlobals());

const failed: AuditEntry = {
  sequence: 1,
  at: 1000,
  agent_id: "",
  agent_name: "",
  action: "sign_in.failed",
  subject: { kind: "agent", id: "a1", name: "Ana" },
  details: { count: "1" },
  address: "203.0.113.7",
  seal: "s1",
};

it("says of wrong passwords for whom, how many, and that nobody knows whose", async () => {
  const entries = [{ ...failed, sequence: 2, seal: "s2", details: { count: "12" } }, failed];
  vi.stubGlobal("fetch", async () => Response.json({ entries, more: false }));
  await renderPanel(<AuditPage />);
  expect(await screen.findByText("Errou a senha (×12)")).toBeTruthy();
  expect(screen.getAllByText("Errou a senha")).toHaveLength(2); // the other entry, and the filter by action
  expect(screen.getAllByText("Alguém")).toHaveLength(2);
  expect(screen.getAllByText("203.0.113.7")).toHaveLength(2);
});
