import { act, fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import { aConversation, aMessage, aSnapshot, settle } from "@/app/live/testing.ts";
import { renderPanel } from "@/app/testing-panel.tsx";
import type { Preferences } from "@/features/preferences/preferences.ts";
import { Composer } from "./composer.tsx";
import type { Intent } from "./intent.ts";

function WithIntent({ intent: first }: { intent: Intent | null }) {
  const [intent, setIntent] = useState(first);
  return <Composer conversation={aConversation()} intent={intent} onIntent={setIntent} />;
}

async function setUp(preferences: Partial<Preferences> = {}, intent: Intent | null = null) {
  const { me } = aSnapshot(1);
  const panel = await renderPanel(<WithIntent intent={intent} />, {
    preferences,
    snapshot: {
      me: { ...me, permissions: ["conversation.reply", "file.send"] },
      limits: { text: 20, file_bytes: 10, file_types: ["png"] },
    },
  });
  const field = () => screen.getByRole<HTMLTextAreaElement>("textbox");
  const said = () => panel.sent.map(({ text, audience, file }) => `${audience}: ${text}${file?.name ?? ""}`);
  return { ...panel, field, said, user: userEvent.setup() };
}

describe("Composer", () => {
  it("answers what is quoted, once, and lets go of it with Escape", async () => {
    const { field, sent, user } = await setUp({}, { kind: "reply", message: aMessage(4) });
    expect(screen.getByTestId("intent").textContent).toContain("text 4");
    await user.type(field(), "sim{Enter}");
    await act(settle);
    await user.type(field(), "mais{Enter}");
    await act(settle);
    expect(sent.map(({ text, reply_to }) => [text, reply_to])).toEqual([
      ["sim", 4],
      ["mais", null],
    ]);
  });

  it("answers an internal message internally", async () => {
    const { field, said, user } = await setUp({}, { kind: "reply", message: aMessage(4, { audience: "agents" }) });
    await user.type(field(), "ok{Enter}");
    await act(settle);
    expect(said()).toEqual(["agents: ok"]);
  });

  it("shows a sent message for changing, and the draft again after Escape", async () => {
    const { field, said, user } = await setUp({}, { kind: "edit", message: aMessage(4) });
    expect(field().value).toBe("text 4");
    await user.type(field(), "!{Escape}");
    expect([field().value, screen.queryByTestId("intent"), said()]).toEqual(["", null, []]);
  });

  it("sends with Enter and breaks the line with Shift+Enter", async () => {
    const { field, said, user } = await setUp();
    await user.type(field(), "Bom{Shift>}{Enter}{/Shift}dia{Enter}");
    await act(settle);
    expect(said()).toEqual(["visitor: Bom\ndia"]);
    expect(field().value).toBe("");
  });

  it("sends with Ctrl+Enter when the agent prefers so", async () => {
    const { field, said, user } = await setUp({ send_key: "ctrl_enter" });
    await user.type(field(), "oi{Enter}");
    expect(said()).toEqual([]);
    await user.type(field(), "{Control>}{Enter}{/Control}");
    await act(settle);
    expect(said()).toEqual(["visitor: oi"]);
  });

  it("does not send while an input method composes a character", async () => {
    const { field, said, user } = await setUp();
    await user.type(field(), "日本");
    fireEvent.keyDown(field(), { key: "Enter", isComposing: true });
    expect(said()).toEqual([]);
  });

  it("makes internal messages only when told to, and says so", async () => {
    const { field, said, user, socket } = await setUp();
    await user.click(screen.getByRole("button", { name: "Mensagem interna" }));
    expect(field().getAttribute("aria-label")).toBe("Mensagem interna");
    await user.type(field(), "ver cupom{Enter}");
    await act(settle);
    expect(said()).toEqual(["agents: ver cupom"]);
    expect(socket.of("typing")).toEqual([]);
  });

  it("tells that the agent types, and stops when the message is sent", async () => {
    const { field, user, socket } = await setUp();
    await user.type(field(), "oi{Enter}");
    expect(socket.of("typing").map((frame) => frame.on)).toEqual([true, false]);
  });

  it("shows the counter near the limit and refuses what is over it", async () => {
    const { field, said, user } = await setUp();
    await user.type(field(), "x".repeat(15));
    expect(screen.queryByText(/de 20 caracteres/)).toBeNull();
    await user.type(field(), "x".repeat(6));
    expect(screen.getByText(/21 de 20 caracteres/)).toBeTruthy();
    await user.type(field(), "{Enter}");
    expect(said()).toEqual([]);
  });

  it("takes files by paste, shows them, and sends them before the text", async () => {
    const { field, said, user } = await setUp();
    const file = new File(["12345"], "foto.png", { type: "image/png" });
    const large = new File(["12345678901"], "grande.png", { type: "image/png" });
    fireEvent.paste(field(), { clipboardData: { files: [file, large] } });
    expect(screen.getByText("foto.png")).toBeTruthy();
    expect(screen.queryByText("grande.png")).toBeNull();
    await user.type(field(), "veja{Enter}");
    await act(settle);
    expect(said()).toEqual(["visitor: foto.png", "visitor: veja"]);
  });

  it("keeps what was not sent for the next time", async () => {
    const { field, user, view } = await setUp();
    await user.type(field(), "rascunho");
    view.unmount();
    const again = await setUp();
    expect(again.field().value).toBe("rascunho");
  });
});
