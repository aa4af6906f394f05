import { expect, test } from "./support/fixtures.ts";
import { card, expectState, prepare, press, redirect, send, upload } from "./support/outreach.ts";
import { words } from "./support/words.ts";

const said = words.pt.outreach;
const { grid, visit } = words.pt.panel;
const maria = { name: "Maria Souza", email: "maria@example.com" };

test("an invite is shown, accepted, and goes first to the agent who sent it", async ({ agent, visitor }) => {
  const [admin, ana, bruno] = [await agent("admin"), await agent("ana"), await agent("bruno")];
  const name = await prepare(admin, "invite");
  const shop = await visitor("/");
  await shop.identify(maria);
  const row = ana.row(maria.name);
  const button = ana.page.getByRole("navigation").getByRole("button", { name: said.invite.full });
  await expect(button).toHaveAttribute("aria-disabled", "true"); // nobody is selected

  const sent = await send(ana, row, "invite", name);
  await expect(card(shop.page)).toContainText("Ana Nunes");
  await expectState(ana, sent, "shown");
  await expect(row.getByTitle(`${grid.sent.kinds.invite} · ${grid.sent.states.shown}`)).toBeVisible();
  await expect(button).toHaveAttribute("aria-disabled", "true"); // it waits for an answer

  await card(shop.page).getByRole("button", { name: "Conversar" }).click();
  await expectState(ana, sent, "accepted");
  await shop.dialog.getByRole("radio", { name: /^Vendas/ }).check();
  await shop.dialog.getByRole("button", { name: words.pt.widget.start }).click();
  await shop.expectPosition(1);
  await expect(ana.page.getByText(said.accepted_title)).toBeVisible();
  await bruno.next.click(); // it is kept for Ana
  await expect(bruno.tab(maria.name)).toHaveCount(0);
  await ana.page.getByRole("button", { name: said.attend }).click();
  await expect(ana.tab(maria.name)).toBeVisible();

  await row.dblclick();
  const past = ana.page.getByRole("complementary", { name: visit.title }).getByRole("region", { name: said.past });
  await expect(past).toContainText(name);
  await expect(past).toContainText(said.states.accepted);
});

test("a refused invite may be sent again; the next page does not ask twice", async ({ agent, visitor }) => {
  const [admin, ana] = [await agent("admin"), await agent("ana")];
  const name = await prepare(admin, "invite");
  const shop = await visitor("/");
  await shop.identify(maria);
  const first = await send(ana, ana.row(maria.name), "invite", name);
  await expect(card(shop.page)).toBeVisible();
  await shop.page.reload();
  await expect(card(shop.page)).toBeVisible(); // not answered yet
  await card(shop.page).getByRole("button", { name: "Fechar" }).press("Enter");
  await expectState(ana, first, "refused");
  await shop.page.reload();
  await expect(shop.launcher).toBeVisible();
  await expect(card(shop.page)).toHaveCount(0);
  const second = await send(ana, ana.row(maria.name), "invite", name);
  await expectState(ana, second, "shown");
});

test("a promotion as a picture leads to its page; one that cannot be shown fails; one whose seconds are over expires", async ({
  agent,
  visitor,
  server,
}) => {
  const [admin, ana] = [await agent("admin"), await agent("ana")];
  const image = { style: "image", image_id: await upload(admin), image_alt: "Frete grátis hoje" };
  const name = await prepare(admin, "promotion", { ...image, link: `${server.shop}/ajuda` });
  const shop = await visitor("/");
  await shop.identify(maria);
  const row = ana.row(maria.name);
  const clicked = await send(ana, row, "promotion", name);
  await card(shop.page).getByRole("link", { name: "Frete grátis hoje" }).click();
  await expect(shop.page).toHaveURL(/\/ajuda$/);
  await expectState(ana, clicked, "clicked");

  await shop.page.route("**/v/images/*", (route) => route.abort());
  await shop.page.reload();
  await expect(shop.launcher).toBeVisible();
  await expectState(ana, await send(ana, row, "promotion", name), "failed");
  await expect(card(shop.page)).toHaveCount(0);

  const brief = await prepare(admin, "invite", { seconds: 1 });
  await ana.page.reload();
  await expectState(ana, await send(ana, row, "invite", brief), "expired");
  await expect(card(shop.page)).toHaveCount(0);
});

test("a redirect takes the visitor along, the conversation too; bad addresses are refused", async ({
  agent,
  visitor,
  server,
}) => {
  const ana = await agent("ana");
  const shop = await visitor("/");
  await shop.identify(maria);
  await press(ana, ana.row(maria.name), "redirect");
  const dialog = ana.page.getByRole("dialog", { name: said.redirect.full });
  for (const url of ["javascript:alert(1)", "http://192.168.0.1/", "https://a:b@example.com/"]) {
    await dialog.getByRole("textbox", { name: said.address }).fill(url);
    await dialog.getByRole("textbox", { name: said.address }).press("Enter");
    await expect(dialog.getByRole("textbox", { name: said.address })).toHaveAttribute("aria-invalid", "true");
  }
  await ana.page.keyboard.press("Escape");

  const sent = await redirect(ana, ana.row(maria.name), `${server.shop}/ajuda`);
  await expect(shop.page).toHaveURL(/\/ajuda$/);
  await expectState(ana, sent, "accepted");

  await shop.open();
  await shop.dialog.getByRole("radio", { name: /^Vendas/ }).check();
  await shop.dialog.getByRole("button", { name: words.pt.widget.start }).click();
  await ana.next.click();
  await ana.say("Veja esta página");
  await expect(shop.message("Veja esta página")).toBeVisible();
  await redirect(ana, ana.row(maria.name), `${server.shop}/carrinho`);
  await expect(shop.page).toHaveURL(/\/carrinho$/);
  await expect(shop.message("Veja esta página")).toBeVisible();
});

test("only the page that is looked at shows it; when it is closed, the other one does", async ({ agent, visitor }) => {
  const [admin, ana] = [await agent("admin"), await agent("ana")];
  const name = await prepare(admin, "invite");
  const first = await visitor("/");
  await first.identify(maria);
  const second = await first.page.context().newPage();
  await second.goto(first.page.url());
  await expect(second.locator("aceno-chat button[aria-haspopup=dialog]")).toBeVisible();
  await second.mouse.move(50, 50);

  // Another window covers it as the invite arrives: it is there, and shown when the page is looked at again.
  await second.evaluate(() => Object.defineProperty(document, "hidden", { configurable: true, get: () => true }));
  const sent = await send(ana, ana.row(maria.name), "invite", name);
  await expectState(ana, sent, "delivered");
  await second.evaluate(() => {
    Reflect.deleteProperty(document, "hidden");
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expect(card(second)).toBeVisible();
  await expectState(ana, sent, "shown");
  await expect(card(first.page)).toHaveCount(0);
  await second.close();
  await first.page.reload();
  await expect(card(first.page)).toBeVisible();
});
