import { expect, test } from "./support/fixtures.ts";
import { words } from "./support/words.ts";

const { unattended_title: unattended, start } = words.pt.widget;

test("the chat is offered while somebody is there, and follows when they come and go", async ({ agent, visitor }) => {
  const shop = await visitor("/");
  await shop.open();
  await expect(shop.dialog.getByText(unattended)).toBeVisible();

  const ana = await agent("ana");
  await expect(shop.dialog.getByRole("button", { name: start })).toBeVisible();
  await ana.setStatus("offline");
  await expect(shop.dialog.getByText(unattended)).toBeVisible();
  await ana.setStatus("online");
  await expect(shop.dialog.getByRole("button", { name: start })).toBeVisible();
});

test("the visitor sees that the agent writes, the agent sees what the visitor writes", async ({ agent, visitor }) => {
  const { panel, widget } = words.pt;
  const ana = await agent("ana");
  const shop = await visitor("/");
  await shop.open();
  await shop.introduce({ name: "Maria Souza", email: "maria@example.com", department: "Vendas" });
  await ana.expectWaiting(1);
  await ana.next.click();
  await expect(ana.tab("Maria Souza")).toBeVisible();

  await shop.field.pressSequentially("e chega até sexta");
  await expect(ana.window.getByText("e chega até sexta")).toBeVisible();
  await ana.field.pressSequentially("Chega, sim");
  await expect(shop.log.getByText(widget.typing.replace("{name}", "Ana Nunes"))).toBeVisible();

  await ana.field.press("Enter");
  await expect(shop.message("Chega, sim")).toBeVisible();
  await expect(ana.message("Chega, sim").getByText(panel.conversation.seen)).toBeAttached();
});
