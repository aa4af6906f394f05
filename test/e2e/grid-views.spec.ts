import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { say, words } from "./support/words.ts";

const { grid, shell, preferences } = words.pt.panel;
const { views, map, arrival } = words.pt.grid;

const open = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

async function groupBy(page: Page, column: string): Promise<void> {
  await open(page, grid.group.title);
  await page.getByRole("menuitemradio", { name: column, exact: true }).click();
}

test("groups count everybody, open by keyboard, and keep counting", async ({ agent, visitor }) => {
  const ana = await agent("ana");
  const home = await visitor("/");
  await visitor("/?campanha=verao");
  const help = await visitor("/ajuda");
  await expect(ana.page.getByTestId("grid-row")).toHaveCount(3);
  await groupBy(ana.page, grid.cols.page);

  const table = ana.page.getByRole("treegrid", { name: grid.label });
  const groups = table.getByTestId("grid-group");
  await expect(groups).toHaveText([/\/2$/, /\/ajuda\/?1$/]);
  await expect(ana.page.getByTestId("grid-totals")).toContainText(say(grid.groups, { formatted: 2 }));
  await expect(table.getByTestId("grid-row")).toHaveCount(0);

  await table.focus();
  await table.press("Home");
  await table.press("ArrowRight");
  await expect(table.getByTestId("grid-row")).toHaveCount(2);
  await expect(groups.first()).toHaveAttribute("aria-expanded", "true");
  await table.press("ArrowDown");
  await table.press("Enter");
  await expect(ana.page.getByTestId("visit-details")).toBeVisible();
  await ana.page.keyboard.press("Escape");

  await help.page.goto(home.page.url());
  await expect(groups).toHaveText([/\/3$/]);
});

test("a saved view is shared, used by another agent, and taken back", async ({ agent }) => {
  const ana = await agent("ana");
  await groupBy(ana.page, grid.cols.country);
  await ana.search("maria");
  await open(ana.page, grid.views);
  await ana.page.getByRole("textbox", { name: views.save }).fill("Marias por país");
  await ana.page.getByRole("checkbox", { name: views.share }).check();
  await open(ana.page, views.save_button);
  const view = ana.page.getByRole("button", { name: /^Marias por país/ });
  await expect(view).toBeVisible();

  const bruno = await agent("bruno");
  await open(bruno.page, grid.views);
  await bruno.page.getByRole("button", { name: /^Marias por país/ }).click();
  await expect(bruno.page.getByRole("searchbox", { name: grid.search })).toHaveValue("maria");
  await expect(bruno.page.getByRole("treegrid", { name: grid.label })).toBeVisible();
  await open(bruno.page, grid.views);
  await expect(bruno.page.getByRole("button", { name: say(views.remove, { name: "Marias por país" }) })).toHaveCount(0);

  await open(ana.page, say(views.remove, { name: "Marias por país" }));
  await open(ana.page, views.confirm);
  await expect(view).toHaveCount(0);
});

test("the view on the screen is exported, harmless to a spreadsheet; who may not export has no button", async ({
  agent,
  visitor,
}) => {
  const shop = await visitor("/");
  await shop.identify({ name: "=1+1", email: "maria@example.com" });
  const ana = await agent("ana");
  await expect(ana.row("=1+1")).toHaveCount(1);
  await open(ana.page, grid.views);
  await expect(ana.page.getByRole("button", { name: map.title })).toBeVisible();
  await expect(ana.page.getByRole("button", { name: views.export })).toHaveCount(0);

  const admin = await agent("admin");
  await open(admin.page, grid.views);
  const download = admin.page.waitForEvent("download");
  await open(admin.page, views.export);
  const file = await readFile(await (await download).path(), "utf8");
  expect(file.split("\r\n")[0]).toContain(`${grid.cols.name};${grid.cols.email}`);
  expect(file).toContain(";'=1+1;maria@example.com;");
});

test("the map counts by country and filters by a click", async ({ agent, visitor }) => {
  const ana = await agent("ana");
  await visitor("/");
  await expect(ana.page.getByTestId("grid-row")).toHaveCount(1);
  await open(ana.page, grid.views);
  await open(ana.page, map.title);
  const region = ana.page.getByRole("region", { name: map.label });
  await expect(region).toContainText(say(map.known, { shown: 0, total: 1 }));
  await open(ana.page, map.close);
  await expect(ana.page.getByTestId("grid-row")).toHaveCount(1);
});

test("an agent who wishes so is told of a new visitor, and of one who comes back", async ({ agent, visitor }) => {
  const ana = await agent("ana");
  await open(ana.page, shell.settings);
  await ana.page.getByRole("menuitem", { name: preferences.title }).click();
  await ana.page.getByRole("switch", { name: arrival.alert_new }).check();
  await ana.page.getByRole("switch", { name: arrival.alert_return }).check();
  await ana.page.keyboard.press("Escape");
  await expect(ana.page.getByRole("dialog")).toHaveCount(0);
  // The notice goes by itself, and a page takes its time to open.
  const told = expect(ana.page.getByText(/^Novo visitante: /)).toBeVisible({ timeout: 20_000 });
  await visitor("/");
  await told;
});
