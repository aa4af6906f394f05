import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { aConversation, anAgent, aSnapshot } from "@/app/live/testing.ts";
import { renderPanel } from "@/app/testing-panel.tsx";
import { LeaveDialog } from "./leave-dialog.tsx";

afterEach(() => vi.unstubAllGlobals());

it("asks a colleague who is here for every open conversation, and leaves them to the grace time", async () => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    asked.push(`${init?.method} ${path}`);
    return init?.method === "DELETE" ? new Response(null, { status: 204 }) : Response.json({});
  });
  const { me } = aSnapshot(1);
  await renderPanel(<LeaveDialog />, {
    snapshot: {
      me: { ...me, permissions: [...me.permissions, "conversation.transfer"] },
      agents: [
        anAgent(),
        anAgent({ id: "bruno", login: "bruno", name: "Bruno Lima" }),
        anAgent({ id: "rui", login: "rui", name: "Rui Costa", present: false }),
      ],
      conversations: [
        aConversation({ id: "c1", agent_id: "ana" }),
        aConversation({ id: "c2", agent_id: "ana", number: 2, visitor_id: "v2" }),
      ],
    },
  });
  const go = screen.getByRole("button", { name: "Transferir e sair" });
  expect(go).toHaveProperty("disabled", true);
  await userEvent.click(screen.getByRole("combobox", { name: "Transferir todos para" }));
  expect(screen.queryByRole("option", { name: "Rui Costa" })).toBeNull();
  await userEvent.click(screen.getByRole("option", { name: "Bruno Lima" }));
  expect(screen.getByText(/O atendente é perguntado/)).toBeTruthy();
  await userEvent.click(go);
  await waitFor(() => expect(asked).toHaveLength(3));
  expect(asked).toEqual([
    "POST /api/conversations/c1/transfer",
    "POST /api/conversations/c2/transfer",
    "DELETE /api/session?conversations=keep",
  ]);
});
