import { expect, test } from "./support/fixtures.ts";
import { words } from "./support/words.ts";

const { grid, visit } = words.pt.panel;

test("the grid sorts and filters over everybody, and remembers the agent's choice", async ({ agent, visitor }) => {
  const ana = await agent("ana");
  for (const name of ["Carla", "Alice", "Beatriz"]) {
    const shop = await visitor("/");
    await expect(shop.launcher).toBeVisible();
    await shop.identify({ name, email: `${name.toLowerCase()}@example.com` });
    await expect(ana.row(name)).toHaveCount(1);
  }

  await ana.sortBy("name");
  await expect.poll(() => ana.names()).toEqual(["Alice", "Beatriz", "Carla"]);
  const remembered = ana.page.waitForResponse(/\/api\/session\/preferences$/);
  await ana.sortBy("name");
  await expect.poll(() => ana.names()).toEqual(["Carla", "Beatriz", "Alice"]);
  await remembered;
  await ana.page.reload();
  await expect.poll(() => ana.names()).toEqual(["Carla", "Beatriz", "Alice"]);

  await ana.search("beatriz");
  await expect.poll(() => ana.names()).toEqual(["Beatriz"]);
  await ana.search("nobody is called so");
  await expect(ana.page.getByText(grid.no_match_title)).toBeVisible();
  await ana.page.getByRole("button", { name: grid.clear_filters }).first().click();
  await expect.poll(() => ana.names()).toHaveLength(3);
});

test("details follow the visitor's pages; the row's menu opens by right click", async ({ agent, visitor }) => {
  const ana = await agent("ana");
  const shop = await visitor("/");
  const home = await shop.page.title();
  await ana.row(home).dblclick();
  const details = ana.page.getByRole("complementary", { name: visit.title });
  await expect(details).toContainText(home);

  await shop.page.getByRole("link", { name: "Ajuda" }).first().click();
  const help = await shop.page.title();
  expect(help).not.toBe(home);
  await expect(details.getByRole("listitem").first()).toContainText(help);
  await details.getByRole("button", { name: visit.close }).click();

  await ana.row(help).click({ button: "right" });
  await ana.page.getByRole("menuitem", { name: grid.menu.details }).click();
  await expect(details).toContainText(help);
});

test("who is blocked from the grid is marked there and can't ask for contact", async ({ agent, visitor }) => {
  const ana = await agent("ana");
  const shop = await visitor("/");
  const title = await shop.page.title();
  await ana.row(title).click({ button: "right" });
  await ana.page.getByRole("menuitem", { name: grid.menu.block }).click();
  const dialog = ana.page.getByRole("dialog", { name: words.pt.admin.blocks.add });
  await expect(dialog.getByLabel(words.pt.admin.blocks.address)).toHaveValue(/^(127\.0\.0\.1|::1)$/);
  await dialog.getByLabel(words.pt.admin.blocks.reason).fill("Ofensas");
  await dialog.getByRole("button", { name: words.pt.admin.blocks.block, exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(ana.row(title)).toContainText(grid.states.blocked);

  await shop.open();
  await shop.introduce({ name: "Maria", email: "maria@example.com", department: "Vendas" });
  await expect(shop.dialog.getByRole("alert")).toContainText("não está disponível para este endereço");
});
