import type { Offer } from "@aceno/contract";
import { waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { renderPanel } from "@/app/testing-panel.tsx";
import { useLostOffers } from "./use-lost-offers.ts";

const told = vi.hoisted(() => vi.fn());
vi.mock("./lost-notice.ts", () => ({ tellLost: told }));

const offer: Offer = {
  id: "o1",
  conversation_id: "c1",
  department_id: "sales",
  agent_id: "ana",
  decision_id: "d1",
  state: "offered",
  reason: "",
  offered_at: 0,
  deadline_at: 15_000,
  ended_at: null,
  answer_until: null,
};

function Listener() {
  useLostOffers();
  return null;
}

it("tells of an offer that went on, by the name that came with it, and of no other", async () => {
  const { push } = await renderPanel(<Listener />);
  let position = 11;
  const made = (id: string, visitor_name: string) =>
    push({
      t: "event",
      position: position++,
      at: 0,
      kind: "offer.made",
      payload: { offer: { ...offer, id }, number: 1, visitor_name },
    });
  const changed = (id: string, change: Partial<Offer>) =>
    push({
      t: "event",
      position: position++,
      at: 0,
      kind: "offer.changed",
      payload: { offer: { ...offer, id, ...change } },
    });
  made("o1", "Maria");
  changed("o1", { state: "accepted" });
  made("o2", "João");
  changed("o2", { state: "withdrawn", reason: "agent" });
  made("o3", "Rita");
  changed("o3", { state: "missed" });
  await waitFor(() => expect(told).toHaveBeenCalledTimes(1));
  made("o4", "Caio");
  changed("o4", { state: "withdrawn", reason: "conversation" });
  await waitFor(() => expect(told).toHaveBeenCalledTimes(2));
  expect(told.mock.calls).toEqual([
    ["lost", "Rita"],
    ["gone", "Caio"],
  ]);
});
