import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "./support/axe.ts";
import { expect, test } from "./support/fixtures.ts";
import { card, prepare, send } from "./support/outreach.ts";
import { words } from "./support/words.ts";

const { admin, grid, panel, quickreply, supervision, teamchat, trigger } = words.pt;
const maria = { name: "Maria Souza", email: "maria@example.com", department: "Vendas" };
const chat = "aceno-chat";

/** Goes to another address of the application as its links do, without loading it anew. */
async function go(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => history.pushState({}, "", to), path);
  await expect(page.getByRole("main").getByRole("heading", { level: 2 }).first()).toBeVisible();
  await expect(page.getByRole("main").locator("[aria-busy=true], .mantine-Loader-root")).toHaveCount(0);
}

test("panel and widget have no serious fault, from the first page to the survey", async ({
  agent,
  browser,
  server,
  visitor,
}) => {
  test.setTimeout(90_000);
  const ana = await agent("ana");
  const boss = await agent("admin");
  await test.step("the door", async () => {
    const door = await (await browser.newContext()).newPage();

    await door.goto(server.origin);
    await expect(door.getByRole("button")).not.toHaveCount(0);
    await expectAccessible(door);
    await door.context().close();
  });
  await expectAccessible(ana.page);

  const shop = await visitor("/");
  await shop.identify(maria);
  await expect(shop.launcher).toBeVisible();
  await expectAccessible(shop.page, chat);
  await test.step("what was sent stands on the page", async () => {
    await send(boss, boss.row(maria.name), "invite", await prepare(boss, "invite"));
    await expect(card(shop.page)).toBeVisible();
    await expectAccessible(shop.page, chat);
    await card(shop.page).getByRole("button", { name: "Fechar" }).click();
  });
  await shop.open();
  await expectAccessible(shop.page, chat);
  await shop.dialog.getByRole("radio", { name: /^Vendas/ }).check();
  await shop.dialog.getByRole("button", { name: words.pt.widget.start }).click();
  await shop.expectPosition(1);
  await expectAccessible(shop.page, chat);
  await ana.expectWaiting(1);

  await ana.next.click();
  await ana.note("Cliente antiga");
  await ana.say("Bom dia, Maria!");
  await expect(ana.message("Bom dia, Maria!")).toBeVisible();
  await expect(shop.message("Bom dia, Maria!")).toBeVisible();
  await expectAccessible(ana.page);
  await expectAccessible(shop.page, chat);
  await test.step("the window's tabs and what floats", async () => {
    for (const name of [panel.side.notes, panel.side.form, panel.side.history]) {
      await ana.window.getByRole("tab", { name }).click();
      await expectAccessible(ana.page, "[role=tabpanel]");
    }
    for (const name of [quickreply.title, teamchat.full]) {
      await ana.page.getByRole("button", { name: new RegExp(`^${name}`) }).click();
      await expect(ana.page.getByRole("dialog", { name })).toBeVisible();
      await expectAccessible(ana.page, "[role=dialog]");
      await ana.page.keyboard.press("Escape");
    }
    await ana.page.getByRole("button", { name: panel.grid.views, exact: true }).click();
    await ana.page.getByRole("button", { name: grid.map.title, exact: true }).click();
    await expect(ana.page.getByRole("region", { name: grid.map.label })).toBeVisible();
    await expectAccessible(ana.page);
  });
  await ana.end();
  await shop.expectEnded();
  await expectAccessible(shop.page, chat);
});

/** Opens the administration area and returns its links. */
async function administer(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: panel.shell.settings }).click();
  await page.getByRole("menuitem", { name: panel.shell.administration }).click();
  const links = page.getByRole("navigation", { name: admin.area.title }).getByRole("link");
  await expect(links.first()).toBeVisible();
  return links;
}

async function expectAllAccessible(page: Page, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await test.step(path, async () => {
      await go(page, path);
      await expectAccessible(page);
    });
  }
}

test("the team's windows, the wallboard and what the administration area begins with have no serious fault", async ({
  agent,
}) => {
  test.setTimeout(120_000);
  const { page } = await agent("admin");
  await page.getByRole("button", { name: panel.toolbar.status, exact: true }).click();
  await expectAccessible(page, "[role=dialog]");
  await page.keyboard.press("Escape");
  for (const item of [panel.shell.supervision, panel.preferences.title]) {
    await page.getByRole("button", { name: panel.shell.settings }).click();
    await page.getByRole("menuitem", { name: item }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page, "[role=dialog]");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  }
  // Every page that the navigation names, those too that come later.
  const links = await administer(page);
  const paths = await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).pathname));
  expect(paths).toContain("/admin/contacts");
  await expectAllAccessible(page, paths);
  await page.evaluate(() => history.pushState({}, "", "/wallboard"));
  await expect(page.getByRole("main", { name: supervision.board.title })).toBeVisible();
  await expectAccessible(page);
});

test("what lies below the pages of the administration area has no serious fault", async ({ agent, server }) => {
  test.setTimeout(120_000);
  const { page } = await agent("admin");
  const first = async (list: "sites" | "departments" | "agents") => {
    const all = await (await page.request.get(`${server.origin}/api/${list}`)).json();
    return `/admin/${list}/${(all as Record<string, { id: string }[]>)[list]?.[0]?.id}`;
  };
  const [site, department, someone] = [await first("sites"), await first("departments"), await first("agents")];
  await administer(page);
  await expectAllAccessible(page, [
    "/admin/sites/new",
    ...["general", "look", "address", "privacy"].map((tab) => `${site}/${tab}`),
    ...["/admin/templates/new/invite", "/admin/templates/new/promotion", "/admin/agents/new", someone],
    "/admin/departments/new",
    ...["general", "hours", "routing", "service", "forms"].map((tab) => `${department}/${tab}`),
  ]);
  await go(page, "/admin/triggers");
  await page.getByRole("button", { name: trigger.new }).click();
  await expectAccessible(page);
});
