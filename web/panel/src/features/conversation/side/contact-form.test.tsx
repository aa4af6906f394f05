import type { Conversation, VisitorCorrection } from "@aceno/contract";
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import "@/app/i18n/side/index.ts";
import { aConversation } from "@/app/live/testing.ts";
import { renderPanel } from "@/app/testing-panel.tsx";
import { ContactForm } from "./contact-form.tsx";

afterEach(() => vi.unstubAllGlobals());

const conversation: Conversation = aConversation({
  id: "c1",
  visitor: {
    ...aConversation({}).visitor,
    name: "Maria",
    email: "maria@example.com",
    fields: { order: 1042, newsletter: false, verified_id: "customer-7" },
  },
});

function server(answer: () => Response) {
  const sent: VisitorCorrection[] = [];
  vi.stubGlobal("fetch", async (_path: string, init?: RequestInit) => {
    sent.push(JSON.parse(`${init?.body}`));
    return answer();
  });
  return sent;
}

const problem = (status: number, code: string, fields: object[] = []) =>
  Response.json(
    { type: "about:blank", title: "", status, code, detail: "Recusado.", fields },
    { status, headers: { "Content-Type": "application/problem+json" } },
  );

describe("the visitor's contact data", () => {
  it("are sent whole, numbers as numbers, without what the site signed for", async () => {
    const sent = server(() => Response.json(conversation));
    const done = vi.fn();
    await renderPanel(<ContactForm conversation={conversation} labels={{ order: "Pedido" }} onDone={done} />);
    const user = userEvent.setup();
    expect(screen.queryByLabelText("verified_id")).toBeNull();
    await user.click(screen.getByLabelText("Telefone"));
    await user.paste("+55 11 98888-7777");
    await user.clear(screen.getByLabelText("Pedido"));
    await user.type(screen.getByLabelText("Pedido"), "1043");
    await user.click(screen.getByLabelText("newsletter"));
    await user.click(screen.getByText("Salvar"));
    expect(sent).toEqual([
      {
        version: 0,
        name: "Maria",
        email: "maria@example.com",
        phone: "+55 11 98888-7777",
        fields: { order: 1043, newsletter: true },
      },
    ]);
    expect(done).toHaveBeenCalled();
  });

  it("take a field of a new name", async () => {
    const sent = server(() => Response.json(conversation));
    await renderPanel(<ContactForm conversation={conversation} labels={{}} onDone={() => undefined} />);
    const user = userEvent.setup();
    await user.click(screen.getByLabelText("Novo campo"));
    await user.paste("newsletter");
    screen.getByText("Já existe um campo com este nome.");
    await user.clear(screen.getByLabelText("Novo campo"));
    await user.type(screen.getByLabelText("Novo campo"), "uf{Enter}");
    await user.type(screen.getByLabelText("uf"), "PE");
    await user.click(screen.getByText("Salvar"));
    expect(sent[0]?.fields).toEqual({ order: 1042, newsletter: false, uf: "PE" });
  });

  it("say at its field what the server refuses, and that somebody else was quicker", async () => {
    let answer = () => problem(422, "validation", [{ field: "phone", code: "invalid", detail: "Telefone inválido." }]);
    server(() => answer());
    const done = vi.fn();
    await renderPanel(<ContactForm conversation={conversation} labels={{ order: "Pedido" }} onDone={done} />);
    const user = userEvent.setup();
    await user.click(screen.getByText("Salvar"));
    await screen.findByText("Telefone inválido.");
    expect(screen.queryByRole("alert")).toBeNull();
    answer = () => problem(409, "stale");
    await user.click(screen.getByText("Salvar"));
    expect((await screen.findByRole("alert")).textContent).toContain("Outra pessoa alterou");
    expect(done).not.toHaveBeenCalled();
  });
});
