import { expect, test } from "./support/fixtures.ts";
import { pattern, say, words } from "./support/words.ts";

const { transfer: said } = words.pt;

test("a transfer is declined, then accepted with its note; a colleague is brought in; a block ends the conversation", async ({
  agent,
  visitor,
}) => {
  const [ana, bruno] = [await agent("ana"), await agent("bruno")];
  const maria = await visitor("/");
  await maria.open();
  await maria.introduce({ name: "Maria Souza", email: "maria@example.com", department: "Vendas" });
  await ana.next.click();
  await expect(ana.tab("Maria Souza")).toBeVisible();
  await maria.say("Tem na cor azul?");
  await expect(ana.message("Tem na cor azul?")).toBeVisible();

  const transfer = async () => {
    await ana.page.getByRole("button", { name: said.transfer, exact: true }).click();
    const dialog = ana.page.getByRole("dialog", { name: say(said.title, { name: "Maria Souza" }) });
    await dialog.getByRole("radio", { name: /Bruno Lima/ }).check();
    await dialog.getByLabel(said.note).fill("Pergunta pelo azul");
    await dialog.getByRole("button", { name: said.go }).click();
    await expect(dialog).toBeHidden();
    await expect(ana.page.getByText(pattern(said.waiting))).toBeVisible();
  };
  const incoming = bruno.page.getByRole("region", { name: said.incoming_region });

  // Declined: it stays with Ana, who is told.
  await transfer();
  await expect(incoming).toContainText("Pergunta pelo azul");
  await incoming.getByRole("button", { name: said.decline }).click();
  await expect(ana.page.getByText(pattern(said.declined))).toBeVisible();
  await expect(incoming).toBeHidden();

  // Accepted: Bruno reads everything, Maria is told.
  await transfer();
  await incoming.getByRole("button", { name: said.accept }).click();
  await expect(bruno.tab("Maria Souza")).toBeVisible();
  await expect(bruno.message("Tem na cor azul?")).toBeVisible();
  await expect(ana.tab("Maria Souza")).toBeHidden();
  await expect(maria.page.getByText("Bruno Lima assumiu a conversa.")).toBeVisible();

  // Ana comes back as a colleague, and writes to Maria.
  await bruno.page.getByRole("button", { name: said.more, exact: true }).click();
  await bruno.page.getByRole("menuitem", { name: said.invite }).click();
  const invitation = bruno.page.getByRole("dialog", { name: say(said.invite_title, { name: "Maria Souza" }) });
  await invitation.getByRole("radio", { name: /Ana/ }).check();
  await invitation.getByRole("button", { name: said.invite }).click();
  await expect(ana.tab("Maria Souza")).toBeVisible();
  await ana.say("Temos, sim!");
  await expect(maria.message("Temos, sim!")).toBeVisible();
  await expect(bruno.message("Temos, sim!")).toBeVisible();

  // The block of the address ends what goes on.
  await bruno.page.getByRole("button", { name: said.more, exact: true }).click();
  await bruno.page.getByRole("menuitem", { name: said.block }).click();
  const block = bruno.page.getByRole("dialog");
  await block.getByRole("button", { name: words.pt.admin.blocks.block, exact: true }).click();
  await maria.expectEnded();
});
