import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { aConversation, aMessage, aSnapshot, settle } from "@/app/live/testing.ts";
import { renderPanel } from "@/app/testing-panel.tsx";
import { ConversationWindow } from "./conversation-window.tsx";

const agent = { kind: "agent" as const, id: "ana", name: "Ana Nunes" };

async function setUp() {
  const { me } = aSnapshot(1);
  return renderPanel(<ConversationWindow />, {
    snapshot: {
      me: { ...me, permissions: ["conversation.reply", "conversation.end", "file.send"] },
      conversations: [
        aConversation({ last_visitor_sequence: 3, visitor_seen_sequence: 2, unanswered_since: 990_000 }),
        aConversation({
          id: "c2",
          number: 2026000124,
          joined_at: 9_000,
          visitor: { ...aConversation().visitor, name: "João" },
        }),
      ],
    },
    messages: [
      aMessage(1, { kind: "system", text: "", system: { key: "joined", params: { agent: "Ana" } } }),
      aMessage(2, { author: agent, text: "Bom dia!" }),
      aMessage(3, { text: "O frete é grátis? https://loja.exemplo.com" }),
      aMessage(4, { author: agent, visitor_sequence: null, audience: "agents", text: "ofereça o cupom" }),
    ],
  });
}

describe("ConversationWindow", () => {
  it("shows a tab per conversation with number, name, unread and who waits", async () => {
    await setUp();
    const [maria, joao] = screen.getAllByTestId("conversation-tab");
    expect(maria?.textContent).toContain("#2026000123 Maria Souza");
    expect(maria?.textContent).toContain("2 não lidas");
    expect([maria?.dataset.turn, joao?.dataset.turn]).toEqual(["agent", "visitor"]);
    expect(within(maria as HTMLElement).getByRole("button", { current: true })).toBeTruthy();
  });

  it("draws each kind of message apart, links detected, seen marked", async () => {
    await setUp();
    const messages = screen.getAllByTestId("message");
    expect(messages.map((message) => message.dataset.side ?? message.dataset.kind)).toEqual([
      "system",
      "agent",
      "visitor",
      "internal",
    ]);
    expect(messages[0]?.textContent).toContain("Ana entrou no atendimento");
    expect(messages[1]?.textContent).toContain("Lida pelo visitante");
    const link = within(messages[2] as HTMLElement).getByRole<HTMLAnchorElement>("link");
    expect([link.href, link.rel, link.target]).toEqual([
      "https://loja.exemplo.com/",
      "noreferrer noopener nofollow",
      "_blank",
    ]);
  });

  it("refuses to close a tab before the end (T107)", async () => {
    const { services } = await setUp();
    const close = screen.getByRole("button", { name: "Fechar o atendimento 2026000123" });
    expect(close.getAttribute("aria-disabled")).toBe("true");
    await userEvent.click(close);
    expect(services.live.getView().state?.conversations.c1).toBeDefined();
  });

  it("shows what comes, and what the visitor is typing until it does", async () => {
    const { push, timers } = await setUp();
    push({ t: "typing", conversation: "c1", on: true, text: "e chega até" });
    await act(settle);
    timers.advance(0);
    const message = aMessage(5, { visitor_sequence: 4, text: "e chega até sexta?" });
    push({
      t: "event",
      position: 11,
      at: 0,
      kind: "conversation.message",
      payload: {
        conversation_id: "c1",
        message,
        conversation: aConversation({ version: 2, last_visitor_sequence: 4 }),
      },
    });
    expect(screen.getAllByTestId("message").at(-1)?.textContent).toContain("e chega até sexta?");
    expect(screen.getByTestId("peek").textContent).toBe("");
    expect(screen.getByText("Nova mensagem de Maria Souza: e chega até sexta?")).toBeTruthy();
  });

  it("offers to close instead of writing once it is over", async () => {
    const { push } = await setUp();
    const conversation = aConversation({ version: 3, state: "ended", ended_by: "visitor" });
    push({ t: "event", position: 11, at: 0, kind: "conversation.ended", payload: { conversation } });
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(screen.getByRole("button", { name: "Fechar aba" })).toBeTruthy();
    const close = screen.getByRole("button", { name: "Fechar o atendimento 2026000123" });
    expect(close.getAttribute("aria-disabled")).toBe("false");
  });

  it("can be minimised and brought back", async () => {
    await setUp();
    await userEvent.click(screen.getByRole("button", { name: "Minimizar" }));
    expect(screen.queryByRole("log")).toBeNull();
    await userEvent.click(screen.getAllByRole("button", { name: /João/ })[0] as HTMLElement);
    expect(screen.getByRole("log")).toBeTruthy();
  });
});
