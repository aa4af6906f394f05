import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { words } from "./support/words.ts";

const { admin, panel } = words.pt;

/** Opens the administration area as people do: from the gear. */
async function administer(page: Page): Promise<void> {
  await page.getByRole("button", { name: panel.shell.settings }).click();
  await page.getByRole("menuitem", { name: panel.shell.administration }).click();
  await expect(page.getByRole("navigation", { name: admin.area.title })).toBeVisible();
}

test("the administration area opens from the gear, and the panel is still connected on the way back", async ({
  agent,
  visitor,
}) => {
  const boss = await agent("admin");
  await administer(boss.page);
  await expect(boss.page.getByRole("heading", { name: admin.pages.start })).toBeVisible();
  const shop = await visitor("/");
  await shop.open();
  await shop.introduce({ name: "Maria Souza", email: "maria@example.com", department: "Vendas", text: "Bom dia!" });
  await expect(boss.page.getByTestId("counter-waiting")).toHaveText("1");
  await boss.page.getByRole("button", { name: admin.area.back }).click();
  await expect(boss.grid).toBeVisible();
  await boss.expectWaiting(1);
});

test("first steps say by themselves when a page with the code was opened", async ({ agent, visitor }) => {
  const boss = await agent("admin");
  await administer(boss.page);
  const main = boss.page.getByRole("main");
  await expect(main.getByText(/data-key="/)).toContainText("/v/aceno.js");
  await expect(main.getByRole("status")).toContainText(admin.start.check_waiting);
  const shop = await visitor("/");
  await expect(main.getByRole("status")).toContainText(admin.start.check_found);
  await expect(main.getByRole("status")).toContainText(shop.page.url());
});

test("allowed domains are saved in their canonical form, and a wrong one is named", async ({ agent }) => {
  const boss = await agent("admin");
  await administer(boss.page);
  const field = boss.page.getByRole("combobox", { name: admin.start.domains_label });
  await field.fill("LOJA.com.br");
  await field.press("Enter");
  await boss.page.getByRole("button", { name: admin.start.domains_save }).click();
  await expect(boss.page.getByText(admin.start.domains_saved)).toBeVisible();
  await expect(boss.page.getByRole("main").getByText("loja.com.br", { exact: true })).toBeVisible();
  await field.fill("loja com");
  await field.fill("http://loja");
  await field.press("Enter");
  await boss.page.getByRole("button", { name: admin.start.domains_save }).click();
  await expect(boss.page.getByText(/^http:\/\/loja: /)).toBeVisible();
});

test("who may not administer finds only what agents may do, and is told so at other addresses", async ({ agent }) => {
  const bruno = await agent("bruno");
  await administer(bruno.page);
  await expect(bruno.page.getByRole("heading", { name: admin.pages.contacts })).toBeVisible();
  await expect(bruno.page.getByRole("navigation", { name: admin.area.title }).getByRole("link")).toHaveText([
    admin.pages.contacts,
  ]);
  await bruno.page.goto(new URL("/admin/start", bruno.page.url()).href);
  await expect(bruno.page.getByRole("alert")).toContainText(admin.area.forbidden);
});
