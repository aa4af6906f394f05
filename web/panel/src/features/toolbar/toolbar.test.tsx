import type { Snapshot } from "@aceno/contract";
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { aConversation, anAgent, aSnapshot } from "@/app/live/testing.ts";
import { renderPanel } from "@/app/testing-panel.tsx";
import { Toolbar } from "./toolbar.tsx";

const counters = { browsing: 9, waiting: 2, waiting_since: 1, active: 0, finished: 0, abandoned: 0 };
const { me } = aSnapshot(1);

afterEach(() => vi.unstubAllGlobals());

function answering(answers: (() => Response)[]) {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => (answers.shift() ?? (() => Response.error()))());
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

const claimed = () => Response.json(aConversation({ id: "c9", version: 2 }));
const keys = (fetch: ReturnType<typeof answering>) =>
  fetch.mock.calls.map(([, init]) => new Headers(init?.headers).get("Idempotency-Key"));

async function setUp(snapshot: Partial<Snapshot> = {}) {
  const panel = await renderPanel(<Toolbar />, { snapshot: { counters, ...snapshot } });
  return { ...panel, next: screen.getByRole("button", { name: /^Próximo da fila/ }) };
}

describe("next in queue", () => {
  it("counts who waits in its name and takes the next by click", async () => {
    const fetch = answering([claimed]);
    const { next, services } = await setUp();
    expect(next.getAttribute("aria-label")).toBe("Próximo da fila, 2 esperando");
    await userEvent.click(next);
    await vi.waitFor(() => expect(services.live.getView().state?.conversations.c9).toBeDefined());
    expect(fetch.mock.calls[0]?.[0]).toBe("/api/queue/next");
  });

  it("is pressed by Alt+N too, with a new key for each conversation", async () => {
    const fetch = answering([claimed, claimed]);
    const { services } = await setUp();
    const press = () => userEvent.keyboard("{Alt>}{n}{/Alt}");
    await press();
    await vi.waitFor(() => expect(services.live.getView().state?.conversations.c9).toBeDefined());
    await press();
    await vi.waitFor(() => expect(fetch).toHaveBeenCalledTimes(2));
    const [first, second] = keys(fetch);
    expect(first).not.toBe(second);
  });

  it("repeats with the same key when the answer was lost", async () => {
    const fetch = answering([
      () => {
        throw new TypeError("Failed to fetch");
      },
      claimed,
    ]);
    const { next, services } = await setUp();
    await userEvent.click(next);
    await vi.waitFor(() => expect(services.live.getView().state?.conversations.c9).toBeDefined(), { timeout: 3_000 });
    const [first, second] = keys(fetch);
    expect(first).toBe(second);
  });

  it("cannot be pressed at the limit, and says why", async () => {
    const fetch = answering([]);
    const { next } = await setUp({
      me: { ...me, agent: anAgent({ conversation_limit: 1 }) },
      conversations: [aConversation()],
    });
    expect(next.getAttribute("aria-disabled")).toBe("true");
    expect(next.getAttribute("aria-description")).toContain("limite de 1");
    await userEvent.click(next);
    expect(fetch).not.toHaveBeenCalled();
  });
});

it("hides what the agent may not do, and offers a way out of being offline", async () => {
  await setUp({ me: { ...me, permissions: [], agent: anAgent({ status: "offline" }) } });
  expect(screen.queryByRole("button", { name: "Atendimentos" })).toBeNull();
  expect(screen.getByRole("button", { name: "Ficar online" })).toBeTruthy();
});
