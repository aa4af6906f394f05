import { expect, test } from "./support/fixtures.ts";
import { say, words } from "./support/words.ts";

const said = words.pt.panel.message;
const told = words.pt.widget;
const paper = words.pt.transcript;

test("messages are quoted, edited, deleted and reacted to; what happened during a break is caught up with", async ({
  agent,
  visitor,
}) => {
  const ana = await agent("ana");
  const shop = await visitor("/");
  await shop.open();
  await shop.introduce({ name: "Maria Souza", email: "maria@example.com", department: "Vendas", text: "Tem azul?" });
  await ana.next.click();
  await expect(ana.message("Tem azul?")).toBeVisible();

  await test.step("a quoted answer is seen by both, and the quote leads to its message", async () => {
    await ana.choose("Tem azul?", said.reply);
    await expect(ana.page.getByTestId("intent")).toContainText("Tem azul?");
    await ana.say("Tem, por R$ 90");
    await expect(ana.message("por R$ 90").getByRole("button", { name: /Tem azul/ })).toBeVisible();
    await expect(shop.message("por R$ 90").locator("blockquote")).toHaveText(/Tem azul\?/);
  });

  await test.step("the last own message is edited from the keyboard", async () => {
    await ana.field.press("ArrowUp");
    await expect(ana.field).toHaveValue("Tem, por R$ 90");
    await ana.say("Tem, por R$ 99");
    await expect(ana.message("por R$ 99")).toContainText(said.edited);
    await expect(shop.message("por R$ 99")).toContainText(told.edited);
    await expect(shop.message("por R$ 90")).toHaveCount(0);
  });

  await test.step("both react", async () => {
    await shop.message("por R$ 99").hover();
    await shop.message("por R$ 99").getByRole("button", { name: told.react }).click();
    await shop.message("por R$ 99").getByRole("button", { name: "❤️" }).click();
    await expect(ana.message("por R$ 99").getByRole("button", { name: "Maria Souza: ❤️" })).toBeVisible();
    await ana.choose("Tem azul?", say(said.react, { emoji: "👍" }));
    await expect(shop.message("Tem azul?").first().getByRole("img", { name: /👍/ })).toBeVisible();
  });

  await test.step("a message is deleted while the visitor's line is down", async () => {
    await ana.say("Senha do cofre: 1234");
    await expect(shop.message("Senha do cofre")).toBeVisible();
    await shop.page.context().setOffline(true);
    await ana.choose("Senha do cofre", said.take_back);
    await ana.page.getByRole("dialog").getByRole("button", { name: said.take_back }).click();
    await expect(ana.log.getByText(said.deleted)).toBeVisible();
    await shop.page.context().setOffline(false);
    await shop.page.reload();
    await expect(shop.log.getByText(told.deleted)).toBeVisible();
    await expect(shop.message("Senha do cofre")).toHaveCount(0);
  });

  await test.step("the visitor's card number is masked; transcript and paper hold what the visitor saw", async () => {
    await shop.say("Cartão 4111 1111 1111 1111");
    await expect(ana.message("Cartão •••• •••• •••• 1111")).toBeVisible();
    await ana.note("SEGREDO-4f2a: cliente antiga");
    await ana.page.getByRole("button", { name: paper.menu }).click();
    await ana.page.getByRole("menuitem", { name: paper.send }).click();
    const dialog = ana.page.getByRole("dialog", { name: paper.title });
    await expect(dialog.getByRole("textbox", { name: paper.to })).toHaveValue("maria@example.com");
    await expect(dialog.locator("pre")).toContainText("Tem, por R$ 99 (editada)");
    await expect(dialog.locator("pre")).not.toContainText("SEGREDO");
    await dialog.getByRole("button", { name: paper.submit }).click();
    await expect(ana.page.getByText(say(paper.sent, { email: "maria@example.com" }))).toBeVisible();
    await ana.page.getByRole("button", { name: paper.menu }).click();
    const opened = ana.page.context().waitForEvent("page");
    await ana.page.getByRole("menuitem", { name: paper.print }).click();
    const printed = await opened;
    await expect(printed.getByText("Tem, por R$ 99")).toBeVisible();
    await expect(printed.getByText("SEGREDO")).toBeHidden();
    await printed.getByRole("switch", { name: paper.internal }).click();
    await expect(printed.getByText("SEGREDO-4f2a")).toBeVisible();
    await printed.close();
  });

  await test.step("agents can still see what it said, after the end too", async () => {
    await ana.end();
    await ana.choose(said.deleted, said.history);
    await expect(ana.page.getByRole("dialog", { name: said.history_title })).toContainText("Senha do cofre: 1234");
  });
});
