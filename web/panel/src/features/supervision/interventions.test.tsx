import type { Conversation } from "@aceno/contract";
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/app/i18n/supervision/index.ts";
import { aConversation, aSnapshot } from "@/app/live/testing.ts";
import { renderPanel } from "@/app/testing-panel.tsx";
import { Interventions } from "./interventions.tsx";

const theirs: Conversation = aConversation({ id: "c1", agent_id: "bruno", state: "active", joined_at: 1 });

afterEach(() => vi.unstubAllGlobals());

function server(answers: Record<string, () => Response>) {
  const sent: string[] = [];
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    if (init?.method && init.method !== "GET") sent.push(`${init.method} ${path} ${init.body ?? ""}`);
    return (answers[`${init?.method ?? "GET"} ${path}`] ?? (() => new Response(null, { status: 204 })))();
  });
  return sent;
}

async function open(permissions: string[]) {
  const { me, agents } = aSnapshot(10);
  const [first] = agents;
  await renderPanel(<Interventions conversation={theirs} />, {
    snapshot: { me: { ...me, permissions }, agents: first ? [first, { ...first, id: "bruno", name: "Bruno" }] : [] },
  });
}

const button = (name: string) => screen.getByRole("button", { name });

describe("what a supervisor may do with another's conversation", () => {
  it("asks before it takes over, and names whom from", async () => {
    const sent = server({
      "POST /api/conversations/c1/take-over": () => Response.json({ ...theirs, agent_id: "ana", version: 2 }),
    });
    await open(["supervision.use"]);
    await userEvent.click(button("Assumir"));
    expect(sent).toEqual([]);
    const [, answer] = await screen.findAllByRole("button", { name: "Assumir", hidden: true });
    screen.getByText(/Bruno deixa de atender/);
    if (answer) await userEvent.click(answer);
    await waitFor(() => expect(sent).toEqual(['POST /api/conversations/c1/take-over {"agent_id":"bruno"}']));
  });

  it("asks before it ends the session of who has it", async () => {
    const sent = server({});
    await open(["supervision.use"]);
    await userEvent.click(button("Encerrar sessão"));
    await userEvent.click(await screen.findByRole("button", { name: "Encerrar a sessão de Bruno" }));
    await waitFor(() => expect(sent[0]).toContain("POST /api/agents/bruno/end-session"));
  });

  it("transfers with the permission for it only", async () => {
    server({});
    await open(["supervision.use"]);
    expect(screen.queryByRole("button", { name: "Transferir" })).toBeNull();
  });

  it("transfers by the dialog of the agent in charge", async () => {
    server({});
    await open(["supervision.use", "conversation.transfer"]);
    await userEvent.click(button("Transferir"));
    expect(await screen.findByRole("dialog", { name: /Transferir .*Maria Souza/ })).toBeTruthy();
  });
});
