import { expect, test } from "./support/fixtures.ts";
import { say, words } from "./support/words.ts";

const { widget, admin } = words.pt;
const maria = { name: "Maria Souza", email: "maria@example.com" };

test("a message left when nobody attends reaches the department's list and mail", async ({
  agent,
  server,
  visitor,
}) => {
  const shop = await visitor("/");
  await shop.open();
  await expect(shop.dialog.getByText(widget.unattended_title)).toBeVisible();
  await shop.dialog.getByRole("button", { name: widget.contact_send }).click();
  await expect(shop.dialog.getByText(widget.message_required)).toBeVisible();
  await shop.dialog.getByRole("textbox", { name: widget.name }).fill(maria.name);
  await shop.dialog.getByRole("textbox", { name: widget.email }).fill(maria.email);
  await shop.dialog.getByRole("combobox", { name: widget.department }).selectOption("Suporte");
  await shop.dialog.getByRole("textbox", { name: widget.subject }).fill("Troca");
  await shop.dialog.getByRole("textbox", { name: widget.message, exact: true }).fill("Minha barraca veio sem estacas.");
  await shop.dialog.getByRole("button", { name: widget.contact_send }).click();
  await expect(shop.dialog.getByText(widget.contact_sent_title)).toBeVisible();

  const outbox = await shop.page.context().newPage();
  await outbox.goto(`${server.shop}/outbox`);
  await expect(outbox.getByText("Para suporte@trilha.example")).toBeVisible();
  await expect(outbox.getByText("Minha barraca veio sem estacas.")).toBeVisible();

  const ana = await agent("ana");
  await ana.page.goto(`${server.origin}/admin/contacts`);
  await ana.page.getByRole("button", { name: maria.name }).click();
  const dialog = ana.page.getByRole("dialog");
  await expect(dialog.getByText("Minha barraca veio sem estacas.")).toBeVisible();
  await dialog.getByText("Respondido").click();
  await expect(ana.page.getByText("Respondido (1)")).toBeVisible();
  await expect(ana.page.getByRole("heading", { name: admin.pages.contacts })).toBeAttached();
});

test("after the end the visitor rates the conversation and has it sent", async ({ agent, server, visitor }) => {
  const ana = await agent("ana");
  const shop = await visitor("/");
  await shop.open();
  await shop.introduce({ ...maria, department: "Vendas" });
  await ana.expectWaiting(1);
  await ana.next.click();
  await ana.say("Boa tarde!");
  await expect(shop.message("Boa tarde!")).toHaveCount(1);
  await shop.end();
  await shop.dialog.getByRole("radio", { name: widget.survey_5 }).check({ force: true });
  await shop.dialog.getByRole("textbox", { name: widget.survey_comment }).fill("Muito gentil");
  await shop.dialog.getByRole("button", { name: widget.survey_send }).click();
  await expect(shop.dialog.getByText(widget.survey_thanks)).toBeVisible();
  await expect(ana.window.getByText("5/5 Muito gentil")).toBeAttached();

  await shop.dialog.getByRole("button", { name: widget.transcript }).click();
  const outbox = await shop.page.context().newPage();
  // Nobody has proven that the address is the visitor's: a code goes there first, and nothing of the conversation.
  const code = shop.dialog.getByRole("textbox", { name: widget.transcript_code_field });
  await expect(code).toBeFocused();
  const subject = outbox.getByText(/^\d{6} é o seu código/);
  await expect(async () => {
    await outbox.goto(`${server.shop}/outbox`);
    await expect(subject).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(outbox.getByText("Ana Nunes: Boa tarde!")).toBeHidden();
  await code.fill((await subject.innerText()).slice(0, 6));
  await code.press("Enter");
  await expect(shop.dialog.getByText(say(widget.transcript_sent, { email: maria.email }))).toBeVisible();
  await expect(async () => {
    await outbox.goto(`${server.shop}/outbox`);
    await expect(outbox.getByText("Ana Nunes: Boa tarde!")).toBeVisible({ timeout: 500 });
  }).toPass();
});
