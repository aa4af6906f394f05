import type { APIRequestContext } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { words } from "./support/words.ts";

const { side, conversation } = words.pt.panel;
const maria = { name: "Maria Souza", email: "maria@example.com", department: "Vendas" };

/** Makes the demo's conversation form mandatory. */
async function demandTheForm(request: APIRequestContext, origin: string): Promise<void> {
  const signedIn = await request.post(`${origin}/api/session`, { data: { login: "admin", password: "demo-aceno" } });
  expect(signedIn.ok()).toBe(true);
  const { forms } = await (await request.get(`${origin}/api/forms`)).json();
  const { id, kind, created_at, updated_at, ...draft } = forms.find(
    (form: { kind: string }) => form.kind === "conversation",
  );
  const saved = await request.put(`${origin}/api/forms/${id}`, { data: { ...draft, mandatory: true } });
  expect(saved.ok()).toBe(true);
}

test("a mandatory form keeps the tab open; notes and history come along into the next conversation", async ({
  agent,
  server,
  visitor,
  request,
}) => {
  const ana = await agent("ana");
  await demandTheForm(request, server.origin);
  const shop = await visitor("/");
  await shop.open();
  await shop.introduce(maria);
  await ana.expectWaiting(1);
  await ana.next.click();
  await ana.say("A promoção vai até sábado.");
  await expect(shop.message("A promoção vai até sábado.")).toHaveCount(1);
  const tab = (name: string) => ana.window.getByRole("tab", { name });

  await test.step("a note, signed", async () => {
    await tab(side.notes).click();
    await ana.window.getByRole("textbox", { name: side.note_new }).fill("Prefere e-mail");
    await ana.window.getByRole("button", { name: side.note_add }).click();
    await expect(ana.window.getByTestId("note")).toContainText("Prefere e-mail");
    await expect(ana.window.getByTestId("note")).toContainText("Ana Nunes");
  });

  await test.step("the tab stays until the form is filled in (T108)", async () => {
    await ana.end();
    await ana.window.getByRole("button", { name: conversation.close, exact: true }).click();
    const sheet = ana.window.getByRole("form", { name: side.form_full });
    await expect(sheet.getByText(side.form_mandatory)).toBeVisible();
    await expect(ana.tab("Maria Souza")).toBeVisible();
    await sheet.getByRole("button", { name: side.save }).click();
    await expect(sheet.getByText(side.required)).toBeVisible();
    await sheet.getByRole("combobox", { name: "Motivo" }).click();
    await ana.page.getByRole("option", { name: "Pedido e entrega" }).click();
    await sheet.getByRole("checkbox", { name: "Resolvido" }).check();
    await sheet.getByRole("button", { name: side.save }).click();
    await expect(sheet.getByRole("status")).toContainText("Ana Nunes");
    await ana.window.getByRole("button", { name: conversation.close, exact: true }).click();
    await expect(ana.tab("Maria Souza")).toHaveCount(0);
  });

  await test.step("the next conversation, from another browser with the same e-mail", async () => {
    const again = await visitor("/");
    await again.open();
    await again.dialog.getByRole("radio", { name: "Suporte" }).check({ force: true });
    await again.dialog.getByRole("textbox", { name: "Número do pedido" }).fill("TR-1042");
    await again.introduce({ ...maria, name: "Maria S.", department: "Suporte" });
    await ana.expectWaiting(1);
    await ana.next.click();
    await expect(ana.tab("Maria S.")).toBeVisible();
    await expect(ana.window.getByText("Número do pedido")).toBeVisible();
    await expect(ana.window.getByText("TR-1042")).toBeVisible();
    await ana.window.getByRole("button", { name: side.contact_edit }).click();
    const contact = ana.window.getByRole("form", { name: side.contact });
    await contact.getByRole("textbox", { name: side.contact_name }).fill("Maria Souza Lima");
    await contact.getByRole("textbox", { name: "Número do pedido" }).fill("TR-1043");
    await contact.getByRole("button", { name: side.save }).click();
    await expect(ana.tab("Maria Souza Lima")).toBeVisible();
    await expect(ana.grid).toContainText("Maria Souza Lima");
    await expect(ana.window.getByRole("log")).toContainText("TR-1042 → TR-1043");
    await expect(again.dialog).not.toContainText("TR-1043");
    await tab(side.notes).click();
    await expect(ana.window.getByTestId("note")).toContainText("Prefere e-mail");
    await tab(side.history).click();
    await expect(ana.window.getByTestId("past")).toContainText(side.by_email);
    await ana.window.getByRole("searchbox", { name: side.history_search }).fill("PROMOCAO");
    await expect(ana.window.getByTestId("past").locator("q")).toHaveText("A promoção vai até sábado.");
    await ana.window.getByTestId("past").click();
    await expect(ana.window.getByRole("article").filter({ hasText: "A promoção vai até sábado." })).toBeVisible();
  });
});
