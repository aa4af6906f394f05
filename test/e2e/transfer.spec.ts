import { expect, test } from "./support/fixtures.ts";
import type { Panel } from "./support/panel.ts";
import { pattern, say, words } from "./support/words.ts";

const { panel, transfer: said } = words.pt;

test("a transfer is declined, then accepted with its note; a colleague is brought in; on hold, tagged, in another queue; who leaves hands it over; a block ends it", async ({
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

  // On hold for two minutes and off again; tags; the colleague sees both without asking.
  const more = async (at: Panel, item: string) => {
    await at.page.getByRole("button", { name: said.more, exact: true }).click();
    await at.page.getByRole("menuitem", { name: item }).click();
  };
  const held = pattern(said.held_until);
  await more(bruno, say(said.hold_minutes_other, { count: 2 }));
  for (const at of [ana, bruno]) await expect(at.window.getByText(held)).toBeVisible();
  await bruno.window.getByRole("button", { name: said.unhold }).click();
  for (const at of [ana, bruno]) await expect(at.window.getByText(held)).toBeHidden();
  await more(bruno, said.tags);
  const tags = bruno.page.getByRole("dialog", { name: said.tags });
  await tags.getByRole("combobox", { name: said.tags }).fill("cor azul");
  await tags.getByRole("button", { name: said.save }).click();
  for (const at of [ana, bruno]) await expect(at.window.getByText("cor azul", { exact: true })).toBeVisible();

  // To the queue of another department, from which Ana takes it with all that was said.
  const number = (await bruno.tab("Maria Souza").textContent())?.match(/\d{6,}/)?.[0] ?? "";
  await bruno.page.getByRole("button", { name: said.transfer, exact: true }).click();
  const elsewhere = bruno.page.getByRole("dialog", { name: say(said.title, { name: "Maria Souza" }) });
  await elsewhere.getByText(said.to_department, { exact: true }).click();
  await elsewhere.getByRole("radio", { name: /^Suporte/ }).check();
  await elsewhere.getByRole("button", { name: said.go }).click();
  await maria.expectPosition(1);
  await expect(bruno.tab("Maria Souza")).toBeHidden();
  await ana.expectWaiting(1);
  await ana.next.click();
  await expect(ana.tab("Maria Souza")).toContainText(number);
  await expect(ana.message("Tem na cor azul?")).toBeVisible();

  // Ana leaves and asks Bruno to take what she has open.
  await ana.page.getByRole("button", { name: panel.session.leave, exact: true }).click();
  const leaving = ana.page.getByRole("dialog", { name: panel.session.leave_open_title });
  await leaving.getByRole("combobox", { name: words.pt.agent.leave.transfer_to }).click();
  await ana.page.getByRole("option", { name: "Bruno Lima" }).click();
  await leaving.getByRole("button", { name: words.pt.agent.leave.transfer }).click();
  await expect(ana.page.getByText(panel.session.signed_out)).toBeVisible();
  await incoming.getByRole("button", { name: said.accept }).click();
  await expect(bruno.tab("Maria Souza")).toContainText(number);

  // The block of the address ends what goes on.
  await more(bruno, said.block);
  const block = bruno.page.getByRole("dialog");
  await block.getByRole("button", { name: words.pt.admin.blocks.block, exact: true }).click();
  await maria.expectEnded();
});
