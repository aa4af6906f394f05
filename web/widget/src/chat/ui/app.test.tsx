// @vitest-environment jsdom
import * as links from "@aceno/contract/links";
import { render } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { conversation, type FakeBridge, fakeBridge, memoryStore, message } from "../../../test/fakes";
import { fakeServer, refusal } from "../../../test/server";
import { Session } from "../session";
import { Sound } from "../sound";
import { App } from "./app";

vi.mock("@aceno/contract/links", { spy: true });

let frame: HTMLElement;
let closed: number;

/** Mounts the chat over a fake server and lets it settle. */
async function mount(
  prepare: (parts: ReturnType<typeof fakeServer> & { bridge: FakeBridge }) => void = () => undefined,
) {
  const { server, api } = fakeServer();
  const bridge = fakeBridge();
  prepare({ server, api, bridge });
  const session = new Session(bridge, api, { ring: () => undefined, visible: () => true });
  const drafts = memoryStore();
  closed = 0;
  render(
    <App
      session={session}
      sound={new Sound(bridge)}
      close={() => closed++}
      draft={{ get: () => drafts.get("draft") ?? "", set: (text) => drafts.set("draft", text) }}
    />,
    frame,
  );
  await settle();
  return { session, server, bridge, drafts };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await vi.advanceTimersByTimeAsync(20);
}

function get<T extends HTMLElement>(selector: string): T {
  const found = frame.querySelector<T>(selector);
  if (!found) throw new Error(`no ${selector} in ${frame.innerHTML}`);
  return found;
}

function button(name: string): HTMLButtonElement {
  const found = Array.from(frame.querySelectorAll("button")).find(
    (item) => (item.ariaLabel ?? item.getAttribute("aria-label") ?? item.textContent) === name,
  );
  if (!found) throw new Error(`no button ${name} in ${frame.textContent}`);
  return found;
}

async function type(selector: string, value: string): Promise<void> {
  const field = get<HTMLInputElement>(selector);
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
}

async function press(selector: string, key: string, more: KeyboardEventInit = {}): Promise<KeyboardEvent> {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  get(selector).dispatchEvent(event);
  await settle();
  return event;
}

async function click(name: string): Promise<void> {
  button(name).click();
  await settle();
}

async function submit(): Promise<void> {
  get("form").dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
  await settle();
}

const talking = ({ server }: ReturnType<typeof fakeServer>) => {
  server.conversation = conversation();
  server.add({
    kind: "system",
    author: { kind: "system", name: "" },
    system: { key: "joined", params: { agent: "Ana" } },
  });
  server.add({ text: "veja https://shop.example/p/bota e https://outra.example/ <b>" });
};

beforeEach(() => {
  vi.useFakeTimers({
    toFake: [
      "setTimeout",
      "clearTimeout",
      "setInterval",
      "clearInterval",
      "Date",
      "requestAnimationFrame",
      "cancelAnimationFrame",
    ],
  });
  frame = document.createElement("div");
  document.body.append(frame);
});

afterEach(() => {
  render(null, frame);
  frame.remove();
  vi.useRealTimers();
});

describe("form", () => {
  it("says what the visitor was told on the page, until it begins to talk", async () => {
    const { bridge, session } = await mount(({ bridge }) => {
      bridge.session.set("said", JSON.stringify(["Ana", "Oi!", "Posso ajudar?"]));
    });
    expect(get(".said").textContent).toBe("AnaOi!Posso ajudar?");
    await session.start({ name: "Maria", email: "m@example.com", department: "sales", text: "" });
    await settle();
    expect(frame.querySelector(".said")).toBeNull();
    expect(bridge.session.get("said")).toBeNull();
  });

  it("is a named, non-modal dialog that asks for name, e-mail and a message", async () => {
    await mount();
    const panel = get('[role="dialog"]');
    expect(panel.getAttribute("aria-modal")).toBe("false");
    expect(get(`#${panel.getAttribute("aria-labelledby")}`).textContent).toBe("Trilha");
    expect(Array.from(frame.querySelectorAll("label"), (label) => label.textContent?.trim())).toEqual([
      "Nome",
      "E-mail",
      "Como podemos ajudar? (opcional)",
    ]);
  });

  it("says what is missing, beside the field, and goes there", async () => {
    const { server } = await mount();
    await type("#email", "maria@");
    await submit();
    expect(get(`#${get("#name").getAttribute("aria-describedby")}`).textContent).toBe("Escreva seu nome.");
    expect(get("#email-error").textContent).toContain("não parece certo");
    expect(document.activeElement).toBe(get("#name"));
    expect(server.calls.some((call) => call.startsWith("open"))).toBe(false);
  });

  it("skips what the site told", async () => {
    await mount(({ bridge }) => Object.assign(bridge.context, { name: "Maria", email: "maria@exemplo.com" }));
    expect(frame.querySelectorAll("input")).toHaveLength(0);
    await type("#text", "oi");
    await submit();
    expect(get(".waiting").textContent).toContain("Sua posição: 2");
    expect(get('[role="log"]').textContent).toContain("oi");
  });

  it("asks for the department when there are several; the absent ones can't be chosen", async () => {
    await mount(({ server }) => {
      server.site.departments = [
        { id: "d1", name: "Vendas", description: "", online: true },
        { id: "d2", name: "Trocas", description: "", online: false },
      ];
    });
    const [sales, returns] = Array.from(frame.querySelectorAll<HTMLInputElement>('input[type="radio"]'));
    expect([sales?.disabled, returns?.disabled]).toEqual([false, true]);
    await submit();
    expect(get("#department-error").textContent).toBe("Escolha um departamento.");
  });

  it("shows the server's refusals beside their fields and keeps what was typed", async () => {
    const { server } = await mount();
    await type("#name", "Maria");
    await type("#email", "maria@exemplo.com");
    server.refuse = refusal(422, "validation", [{ field: "name", code: "invalid", detail: "Nome recusado." }]);
    await submit();
    expect(get("#name-error").textContent).toBe("Nome recusado.");
    expect(get<HTMLInputElement>("#email").value).toBe("maria@exemplo.com");
  });

  it("leaves the focus on the button when the server can't take it now, and sends again by it", async () => {
    const { server } = await mount();
    await type("#name", "Maria");
    await type("#email", "maria@exemplo.com");
    server.refuse = refusal(503, "overloaded");
    const start = get<HTMLButtonElement>("button[type=submit]");
    start.focus();
    get("form").dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
    await Promise.resolve();
    expect([start.disabled, start.getAttribute("aria-disabled")]).toEqual([false, "true"]);
    await settle();
    expect(get("[role=alert]").textContent).not.toBe("");
    expect([document.activeElement, start.getAttribute("aria-disabled")]).toEqual([start, "false"]);
  });

  it("keeps what was filled in while the chat is closed", async () => {
    const { bridge } = await mount();
    await type("#name", "Maria");
    bridge.show(false);
    await settle();
    bridge.show(true);
    await settle();
    expect(get<HTMLInputElement>("#name").value).toBe("Maria");
  });

  it("says clearly that nobody attends, and opens by itself when somebody comes", async () => {
    const { server, bridge } = await mount(({ server }) => {
      server.site.online = false;
    });
    expect(get("h3").textContent).toBe("Ninguém está atendendo agora");
    expect(get("#message")).not.toBeNull();
    server.site.online = true;
    bridge.play({ t: "online", online: true });
    await settle();
    expect(button("Iniciar conversa")).not.toBeNull();
  });

  it("takes a message when nobody attends, and does not lose a begun one when somebody comes", async () => {
    const { server, bridge } = await mount(({ server }) => {
      server.site.online = false;
    });
    await submit();
    expect(get(`#${get("#message").getAttribute("aria-describedby")}`).textContent).toBe("Escreva sua mensagem.");
    await type("#name", "Maria");
    await type("#email", " maria@example.com ");
    await type("#message", "Abrem no sábado?");
    server.site.online = true;
    bridge.play({ t: "online", online: true });
    await settle();
    expect(get<HTMLTextAreaElement>("#message").value).toBe("Abrem no sábado?");
    server.refuse = refusal(422, "validation", [{ field: "email", code: "invalid", detail: "Endereço inválido." }]);
    await submit();
    expect(get("#email-error").textContent).toBe("Endereço inválido.");
    server.refuse = null;
    await submit();
    expect(server.left).toMatchObject([{ name: "Maria", email: "maria@example.com", message: "Abrem no sábado?" }]);
    expect(get("h3").textContent).toBe("Mensagem enviada");
    await click("Voltar");
    expect(button("Iniciar conversa")).not.toBeNull();
  });
});

describe("conversation", () => {
  it("writes system messages in the visitor's language and links safely", async () => {
    const { bridge } = await mount(talking);
    expect(get(".system").textContent).toBe("Ana entrou na conversa.");
    const [here, there] = Array.from(frame.querySelectorAll<HTMLAnchorElement>(".text a"));
    expect([here?.target, there?.target]).toEqual(["", "_blank"]);
    expect(there?.rel).toContain("noopener");
    expect(get(".text").textContent).toContain("<b>");
    bridge.language = () => "en";
    bridge.play({ t: "context" });
    await settle();
    expect(get(".system").textContent).toBe("Ana joined the chat.");
    expect(get('[role="dialog"]').lang).toBe("en");
  });

  it("searches a message for links once, not at each letter that is typed", async () => {
    await mount(talking);
    const searched = vi.mocked(links.splitLinks).mock.calls.length;
    for (const text of ["o", "ol", "olá"]) await type("textarea", text);
    expect(searched).toBeGreaterThan(0);
    expect(links.splitLinks).toHaveBeenCalledTimes(searched);
  });

  it("sends by Enter, not while composing, and makes a line by Shift+Enter", async () => {
    const { server, drafts } = await mount(talking);
    await type("textarea", "olá");
    expect(drafts.get("draft")).toBe("olá");
    expect((await press("textarea", "Enter", { shiftKey: true })).defaultPrevented).toBe(false);
    expect((await press("textarea", "Enter", { isComposing: true })).defaultPrevented).toBe(false);
    expect((await press("textarea", "Enter")).defaultPrevented).toBe(true);
    expect(server.messages.map((item) => item.text)).toContain("olá");
    expect(get<HTMLTextAreaElement>("textarea").value).toBe("");
    expect(drafts.get("draft")).toBe("");
  });

  it("offers to send a refused message again or to discard it", async () => {
    const { server } = await mount(talking);
    server.refuse = refusal(422, "validation");
    await type("textarea", "olá");
    await press("textarea", "Enter");
    expect(get(".failed").textContent).toContain("Não enviada: detalhe validation");
    server.refuse = null;
    await click("Enviar de novo");
    expect(frame.querySelector(".failed")).toBeNull();
    expect(server.messages.filter((item) => item.text === "olá")).toHaveLength(1);
  });

  it("ends only after a confirmation, which Escape denies without closing the chat", async () => {
    const { server } = await mount(talking);
    await click("Encerrar conversa");
    await press('[role="alertdialog"]', "Escape");
    expect(frame.querySelector('[role="alertdialog"]')).toBeNull();
    expect(closed).toBe(0);
    await click("Encerrar conversa");
    await click("Encerrar");
    expect(server.conversation?.state).toBe("ended");
    expect(frame.querySelector("textarea")).toBeNull();
    await click("Iniciar outra conversa");
    expect(get("#name")).not.toBeNull();
  });

  it("shows the place in the queue as it changes, and lets one leave", async () => {
    const { server, bridge } = await mount(({ server }) => {
      server.conversation = conversation({ state: "waiting", position: 3, agent: null });
    });
    expect(get(".waiting").textContent).toContain("Sua posição: 3");
    bridge.play({ t: "conversation", conversation: conversation({ state: "waiting", position: 1, agent: null }) });
    await settle();
    expect(get(".waiting h3").textContent).toBe("Você é o próximo");
    await click("Sair da fila");
    await click("Sair da fila");
    expect(server.calls).toContain("end");
  });

  it("says how long others waited at this place", async () => {
    const waiting = { state: "waiting", position: 2, agent: null } as const;
    const { bridge } = await mount(({ server }) => {
      server.conversation = conversation({ ...waiting, estimate: { low_seconds: 130, high_seconds: 290 } });
    });
    expect(get(".waiting").textContent).toContain("Espera de cerca de 2–5 min.");
    for (const [low_seconds, high_seconds, text] of [
      [61, 119, "cerca de 1–2 min"],
      [120, 120, "cerca de 2 min"],
      [4, 59, "menos de um minuto"],
    ] as const) {
      bridge.play({
        t: "conversation",
        conversation: conversation({ ...waiting, estimate: { low_seconds, high_seconds } }),
      });
      await settle();
      expect(get(".waiting").textContent).toContain(text);
    }
    bridge.play({ t: "conversation", conversation: conversation({ ...waiting, estimate: null }) });
    await settle();
    expect(get(".waiting").textContent).not.toContain("Espera de");
  });

  it("says that the wait is long, and brings the message to leave forward; waiting goes on", async () => {
    const waiting = { state: "waiting", position: 2, agent: null } as const;
    const { bridge, server } = await mount(({ server }) => {
      server.conversation = conversation(waiting);
    });
    expect(button("Deixar uma mensagem").className).toBe("link");
    bridge.play({ t: "conversation", conversation: conversation({ ...waiting, contact_offered: true }) });
    await settle();
    expect(get(".waiting [role=status]").textContent).toContain("A espera está longa.");
    expect(get(".waiting").textContent).not.toContain("em instantes");
    expect(server.calls).not.toContain("end");
    await click("Deixar uma mensagem");
    expect(server.calls).toContain("end");
    expect(frame.querySelector(".waiting")).toBeNull();
  });

  it("says when a department opens, and which one wants to know who asks", async () => {
    await mount(({ server }) => {
      server.site.departments = [
        { id: "d1", name: "Vendas", description: "", online: true },
        { id: "d2", name: "Trocas", description: "", online: false, opens_at: Date.now() + 3_600_000 },
        { id: "d3", name: "Contas", description: "", online: false, identity_required: true },
      ];
    });
    const states = Array.from(frame.querySelectorAll(".state"), ({ textContent }) => textContent);
    expect(states[1]).toMatch(/^Abre .+:\d\d$/);
    expect(states[2]).toBe("Só para quem entrou na sua conta no site");
  });

  it("says above the contact form when somebody attends again", async () => {
    await mount(({ server }) => {
      server.site.online = false;
      server.site.departments = [
        { id: "d1", name: "Vendas", description: "", online: false, opens_at: Date.now() + 30 * 86_400_000 },
      ];
    });
    expect(get(".reason").textContent).toMatch(/^Abre \d+ de .+:\d\d$/);
  });

  it("lets one leave a message instead of waiting", async () => {
    const { server } = await mount(({ server }) => {
      server.conversation = conversation({ state: "waiting", position: 3, agent: null });
    });
    await click("Deixar uma mensagem");
    expect(server.calls).toContain("end");
    expect(get("#message")).not.toBeNull();
  });

  it("asks how it was after the end, once, and offers the conversation by e-mail", async () => {
    const { server } = await mount((parts) => {
      talking(parts);
      parts.server.proven = true;
    });
    await click("Encerrar conversa");
    await click("Encerrar");
    get<HTMLInputElement>('input[name="rating"][value="4"]').click();
    await settle();
    await type(".survey textarea", "Muito gentil");
    await submit();
    expect(server.calls).toContain("rate 4 Muito gentil");
    expect(frame.querySelector(".survey")).toBeNull();
    expect(frame.textContent).toContain("Obrigado pela avaliação!");
    await click("Receber a conversa por e-mail");
    expect(frame.textContent).toContain("A conversa vai para maria@example.com.");
  });

  it("asks for the code that went to an address nobody has proven", async () => {
    const { server } = await mount(talking);
    const enter = async (code: string) => {
      await type("#code", code);
      get("#code")
        .closest("form")
        ?.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
      await settle();
    };
    await click("Encerrar conversa");
    await click("Encerrar");
    await click("Receber a conversa por e-mail");
    expect(frame.textContent).toContain("Um código foi para maria@example.com. Digite-o aqui.");
    await enter("  ");
    expect(server.calls.filter((call) => call.startsWith("confirm"))).toEqual([]);
    await enter("111111");
    expect(get("#code-error").textContent).toBe("Código errado ou vencido. Confira o e-mail.");
    expect(get("#code").getAttribute("aria-invalid")).toBe("true");
    await enter("042042");
    expect(frame.textContent).toContain("A conversa vai para maria@example.com.");
    expect(frame.querySelector("#code")).toBeNull();
  });

  it("says when the connection is away and what the agent is doing", async () => {
    const { bridge } = await mount(talking);
    bridge.play({ t: "typing", conversation: "c1", name: "Ana", on: true });
    await settle();
    expect(get(".typing").textContent).toBe("Ana está digitando…");
    bridge.play({ t: "link", link: "lost" });
    await settle();
    expect(get(".banner").textContent).toContain("Reconectando");
    bridge.play({ t: "link", link: "open" });
    await settle();
    expect(frame.querySelector(".banner")).toBeNull();
  });

  it("marks the last own message as sent, then as seen", async () => {
    const { server, bridge, session } = await mount(talking);
    session.say("olá");
    await settle();
    expect(get(".foot .sent").getAttribute("aria-label")).toBe("Enviada");
    bridge.play({ t: "seen", conversation: "c1", sequence: server.messages.length });
    await settle();
    expect(get(".foot .seen").getAttribute("aria-label")).toBe("Lida");
  });

  it("takes files that are dropped or pasted", async () => {
    const { server } = await mount(talking);
    const files = [new File(["x"], "a.png", { type: "image/png" })];
    get(".talk").dispatchEvent(
      Object.assign(new Event("drop", { bubbles: true, cancelable: true }), {
        dataTransfer: { files, types: ["Files"] },
      }),
    );
    await settle();
    get("textarea").dispatchEvent(
      Object.assign(new Event("paste", { bubbles: true, cancelable: true }), { clipboardData: { files } }),
    );
    await settle();
    expect(server.calls.filter((call) => call === "file a.png")).toHaveLength(2);
  });

  it("offers files for download from the installation", async () => {
    await mount((parts) => {
      talking(parts);
      parts.server.add({
        kind: "file",
        file: { name: "boleto.pdf", content_type: "application/pdf", size: 2048, url: "/v/files/1?e=1&s=2" },
      });
    });
    const link = get<HTMLAnchorElement>("a.file");
    expect(link.href).toBe("https://chat.example/v/files/1?e=1&s=2");
    expect(link.getAttribute("aria-label")).toBe("Baixar boleto.pdf");
  });
});

describe("closed", () => {
  it("closes by Escape and by the button, shows nothing, and tells screen readers of new messages", async () => {
    const { bridge, server } = await mount(talking);
    await press('[role="dialog"]', "Escape");
    await click("Minimizar");
    expect(closed).toBe(2);
    bridge.show(false);
    await settle();
    expect(frame.querySelector('[role="dialog"]')).toBeNull();
    bridge.play({
      t: "message",
      conversation: "c1",
      message: { ...server.add(), ...message(3, { text: "Ainda aí?" }) },
    });
    await settle();
    expect(get('[role="status"]').textContent).toBe("Ana: Ainda aí?");
  });
});
