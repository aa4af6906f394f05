import type { ContactRequest, ContactState } from "@aceno/contract";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { renderPanel } from "@/app/testing-panel.tsx";
import { ContactsPage } from "./contacts-page.tsx";

afterEach(() => vi.unstubAllGlobals());

const maria: ContactRequest = {
  id: "c1",
  site_id: "s1",
  department_id: "d1",
  visitor_id: "v1",
  name: "Maria",
  email: "maria@example.com",
  phone: "",
  subject: "Troca",
  message: "Quero trocar\na barraca.",
  page_url: "javascript:alert(1)",
  language: "pt",
  state: "open",
  agent_id: null,
  created_at: 1000,
  changed_at: 1000,
  version: 3,
};

/** A server with one request; moving it is answered by `move`. */
function server(
  move: (to: ContactState) => Response,
  counts = { open: 1, in_progress: 0, answered: 4 },
  first: ContactRequest = maria,
) {
  let contacts = [first];
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    asked.push(`${init?.method ?? "GET"} ${path} ${init?.body ?? ""}`.trim());
    if (path.endsWith("/answers")) return Response.json({ answers: [] });
    if (init?.method === "PATCH") {
      const { state } = JSON.parse(`${init.body}`);
      const answer = move(state);
      if (answer.ok) contacts = contacts.map((contact) => ({ ...contact, state }));
      return answer;
    }
    if (path === `/api/contacts/${maria.id}`) return Response.json(contacts[0]);
    const state = new URL(path, "http://panel").searchParams.get("state");
    if (contacts.every((contact) => state && contact.state !== state)) {
      return Response.json({ contacts: [], more: false, counts });
    }
    return Response.json({ contacts, more: false, counts });
  });
  return asked;
}

it("lists by state with the counts, and opens a message without following a foreign address", async () => {
  const asked = server(() => Response.json(maria));
  await renderPanel(<ContactsPage />);
  await userEvent.click(await screen.findByRole("button", { name: "Maria" }));
  expect(asked[0]).toContain("/api/contacts?state=open");
  const dialog = await screen.findByRole("dialog", { name: "Mensagem de Maria" });
  expect(within(dialog).getByText(/Quero trocar/)).toBeTruthy();
  expect(within(dialog).getByRole("link", { name: "Responder por e-mail" }).getAttribute("href")).toBe(
    "mailto:maria@example.com?subject=Re%3A%20Troca",
  );
  expect(dialog.querySelector('[href^="javascript"]')).toBeNull();
  await userEvent.click(within(dialog).getAllByRole("button", { name: "Fechar" }).at(-1) as HTMLElement);
  await userEvent.click(screen.getByRole("radio", { name: "Respondido (4)" }));
  await waitFor(() => expect(asked.some((line) => line.includes("state=answered"))).toBe(true));
});

it("offers no answer to an address that would write to others as well", async () => {
  const email = "maria@example.com?cc=eva%40b.example";
  server(() => Response.json(maria), undefined, { ...maria, email });
  await renderPanel(<ContactsPage />);
  await userEvent.click(await screen.findByRole("button", { name: "Maria" }));
  const dialog = await screen.findByRole("dialog", { name: "Mensagem de Maria" });
  expect(within(dialog).getByText(email)).toBeTruthy();
  expect(dialog.querySelector('[href^="mailto"]')).toBeNull();
});

it("says 999+ where the server stopped counting", async () => {
  server(() => Response.json(maria), { open: 999, in_progress: 0, answered: 1000 });
  await renderPanel(<ContactsPage />);
  for (const name of ["Aberto (999)", "Em andamento (0)", "Respondido (999+)", "Todos (999+)"]) {
    expect(await screen.findByRole("radio", { name })).toBeTruthy();
  }
});

it("keeps a message open when its new state takes it off the list: its answer comes next", async () => {
  server(() => Response.json({ ...maria, state: "in_progress", version: 4 }));
  await renderPanel(<ContactsPage />);
  await userEvent.click(await screen.findByRole("button", { name: "Maria" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("radio", { name: "Em andamento" }));
  await screen.findByText("Nada por aqui.");
  const chosen = within(dialog).getByRole<HTMLInputElement>("radio", { name: "Em andamento" });
  await waitFor(() => expect(chosen.checked).toBe(true));
  expect(within(dialog).getByRole("link", { name: "Responder por e-mail" })).toBeTruthy();
});

it("keeps the counts while the requests of another state are read", async () => {
  server(() => Response.json(maria));
  await renderPanel(<ContactsPage />);
  await screen.findByRole("button", { name: "Maria" });
  vi.stubGlobal("fetch", () => new Promise(() => {}));
  await userEvent.click(screen.getByRole("radio", { name: "Respondido (4)" }));
  await screen.findByText("Carregando…");
  expect(screen.getByRole("radio", { name: "Aberto (1)" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Maria" })).toBeNull();
});

it("moves a request naming the version that was read, and says when somebody was quicker", async () => {
  const asked = server(() =>
    Response.json(
      { type: "about:blank", title: "", status: 409, code: "stale", detail: "Outra pessoa mudou isto.", fields: [] },
      { status: 409, headers: { "Content-Type": "application/problem+json" } },
    ),
  );
  await renderPanel(<ContactsPage />);
  await userEvent.click(await screen.findByRole("button", { name: "Maria" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("radio", { name: "Em andamento" }));
  expect((await within(dialog).findByRole("alert")).textContent).toContain("Outra pessoa mudou isto.");
  expect(asked).toContain('PATCH /api/contacts/c1 {"state":"in_progress","version":3}');
});
