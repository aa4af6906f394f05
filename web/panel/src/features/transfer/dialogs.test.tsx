import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import "@/app/i18n/transcript/index.ts";
import "@/app/i18n/transfer/index.ts";
import { aConversation } from "@/app/live/testing.ts";
import { renderPanel } from "@/app/testing-panel.tsx";
import { TranscriptDialog } from "@/features/transcript/transcript-dialog.tsx";
import { TagsDialog } from "./tags-dialog.tsx";
import { TransferDialog } from "./transfer-dialog.tsx";

/** Dialogs of the conversation window: what each sends, and what it does not let anybody send. */
const conversation = aConversation({ id: "c1", tags: ["VIP"] });

beforeAll(() => {
  // jsdom shows nothing, so that it has nothing to follow the size of.
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
});
afterEach(() => vi.restoreAllMocks());

function server(answers: Record<string, () => Response>) {
  const sent: [string, unknown][] = [];
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    const name = `${init?.method ?? "GET"} ${path.split("?")[0]}`;
    if (init?.body) sent.push([name, JSON.parse(`${init.body}`)]);
    return (answers[name] ?? (() => Response.error()))();
  });
  return sent;
}

const problem = (status: number, code: string, fields: object[] = []) =>
  Response.json(
    { type: "about:blank", title: "", status, code, detail: "Recusado.", fields },
    { status, headers: { "Content-Type": "application/problem+json" } },
  );

const target = { active: 1, limit: 5, serves: true, status: "online" };

describe("transfer", () => {
  it("offers only able agents, and needs one to be chosen", async () => {
    const sent = server({
      "GET /api/conversations/c1/targets": () =>
        Response.json({
          agents: [
            { ...target, agent_id: "bruno", name: "Bruno", refused: "" },
            { ...target, agent_id: "carla", name: "Carla", active: 5, refused: "transfer_target_full" },
          ],
        }),
      "POST /api/conversations/c1/transfer": () => Response.json({}),
    });
    const close = vi.fn();
    await renderPanel(<TransferDialog conversation={conversation} onClose={close} />);
    const user = userEvent.setup();
    const full = await screen.findByLabelText<HTMLInputElement>(/Carla.*no limite/);
    expect(full.disabled).toBe(true);
    const go = screen.getByRole<HTMLButtonElement>("button", { name: "Transferir" });
    expect(go.disabled).toBe(true);
    await user.click(screen.getByLabelText(/Bruno/));
    await user.click(screen.getByLabelText(/Recado/));
    await user.paste("Cliente antigo");
    await user.click(go);
    expect(sent).toEqual([["POST /api/conversations/c1/transfer", { agent_id: "bruno", note: "Cliente antigo" }]]);
    await vi.waitFor(() => expect(close).toHaveBeenCalled());
  });

  it("forgets the agent that was chosen when it goes to a department", async () => {
    server({
      "GET /api/conversations/c1/targets": () =>
        Response.json({ agents: [{ ...target, agent_id: "bruno", name: "Bruno", refused: "" }] }),
    });
    await renderPanel(<TransferDialog conversation={conversation} onClose={() => undefined} />);
    const user = userEvent.setup();
    await user.click(await screen.findByLabelText(/Bruno/));
    await user.click(screen.getByText("Para um departamento"));
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Transferir" }).disabled).toBe(true);
  });
});

describe("tags", () => {
  it("are saved whole, what is still being typed too", async () => {
    const sent = server({
      "GET /api/conversation-tags": () => Response.json({ tags: [] }),
      "PUT /api/conversations/c1/tags": () => Response.json({ ...conversation, tags: ["VIP", "troca"] }),
    });
    const close = vi.fn();
    await renderPanel(<TagsDialog conversation={conversation} onClose={close} />);
    const user = userEvent.setup();
    await user.click(screen.getByPlaceholderText("Nova etiqueta"));
    await user.paste("  troca ");
    await user.click(screen.getByRole("button", { name: "Salvar" }));
    expect(sent).toEqual([["PUT /api/conversations/c1/tags", { tags: ["VIP", "troca"] }]]);
    await vi.waitFor(() => expect(close).toHaveBeenCalled());
  });
});

describe("a transcript", () => {
  const preview = (mail: boolean) => () => Response.json({ mail, subject: "Seu atendimento", text: "Olá!", to: "" });

  it("is shown before it is sent, and a refused address stands at its field", async () => {
    const sent = server({
      "GET /api/conversations/c1/transcript": preview(true),
      "POST /api/conversations/c1/transcript": () =>
        problem(422, "validation", [{ field: "email", code: "invalid", detail: "E-mail inválido." }]),
    });
    const close = vi.fn();
    await renderPanel(<TranscriptDialog conversation={conversation} onClose={close} />);
    const user = userEvent.setup();
    await screen.findByText(/Seu atendimento/);
    const field = screen.getByLabelText(/E-mail/);
    await user.clear(field);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Enviar" }).disabled).toBe(true);
    await user.paste("maria@");
    await user.click(screen.getByRole("button", { name: "Enviar" }));
    await screen.findByText("E-mail inválido.");
    expect(sent[0]?.[1]).toMatchObject({ email: "maria@" });
    expect(close).not.toHaveBeenCalled();
  });

  it("cannot be sent where the installation sends no mail", async () => {
    server({ "GET /api/conversations/c1/transcript": preview(false) });
    await renderPanel(<TranscriptDialog conversation={conversation} onClose={() => undefined} />);
    await screen.findByText("Esta instalação não envia e-mails.");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Enviar" }).disabled).toBe(true);
  });
});
