import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { Panel } from "./support/panel.ts";
import { say, words } from "./support/words.ts";

const { admin, panel } = words.pt;

async function open(page: Page, path: string): Promise<void> {
  await page.goto(new URL(path, page.url()).href);
  await expect(page.getByRole("navigation", { name: admin.area.title })).toBeVisible();
}

const save = (page: Page) => page.getByRole("button", { name: admin.form.save, exact: true }).click();

test("an agent made here signs in with the access data shown once, and not any more when inactive", async ({
  agent,
  browser,
  server,
}) => {
  const { page } = await agent("admin");
  await open(page, "/admin/agents");
  await page.getByRole("button", { name: admin.agents.add }).click();
  await save(page);
  await expect(page.getByText(panel.common.required).first()).toBeVisible();
  await page.getByRole("textbox", { name: admin.agents.name }).fill("Davi Rocha");
  await page.getByRole("textbox", { name: admin.agents.email }).fill("davi@example.com");
  await page.getByRole("textbox", { name: admin.agents.login }).fill("ANA");
  await page.getByRole("button", { name: admin.agents.generate }).click();
  await save(page);
  await expect(page.getByRole("textbox", { name: admin.agents.login })).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("textbox", { name: admin.agents.login }).fill("Davi");
  await save(page);
  const dialog = page.getByRole("dialog", { name: say(admin.agents.access_of, { name: "Davi Rocha" }) });
  const shown = await dialog.getByText(`${admin.agents.password}: `).innerText();
  const password = /(\S{4}-){3}\S{4}/.exec(shown)?.[0] ?? "";
  await dialog.getByRole("button", { name: panel.common.close }).last().click();
  await expect(page.getByRole("link", { name: "Davi Rocha" })).toBeVisible();

  const davi = new Panel(await (await browser.newContext()).newPage(), server.origin, "pt");
  await davi.signIn("davi", password);
  await page.getByRole("link", { name: "Davi Rocha" }).click();
  await page.getByRole("switch", { name: admin.form.active }).click();
  await save(page);
  await expect(davi.page.getByRole("button", { name: panel.session.sign_in })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "Davi Rocha" })).toContainText(admin.form.inactive);
  await davi.page.context().close();
});

test("one more agent like another begins with the same departments and method", async ({ agent }) => {
  const { page } = await agent("admin");
  await open(page, "/admin/agents");
  await page.getByRole("link", { name: "Ana Nunes" }).click();
  await page.getByRole("button", { name: admin.agents.duplicate }).click();
  await expect(page.getByRole("heading", { name: admin.agents.add })).toBeVisible();
  await expect(page.getByRole("textbox", { name: admin.agents.name })).toHaveValue("");
  await expect(page.getByText("Suporte", { exact: true }).first()).toBeVisible();
});

test("a new department is offered to visitors, and no longer when switched off", async ({ agent, visitor }) => {
  const { page } = await agent("admin");
  await open(page, "/admin/departments/new");
  await page.getByRole("textbox", { name: admin.departments.name, exact: false }).first().fill("Assistência");
  await save(page);
  await expect(page.getByRole("heading", { name: "Assistência" })).toBeVisible();
  const shop = await visitor("/");
  await shop.open();
  await expect(shop.page.getByText("Assistência")).toBeAttached();
  await page.getByRole("switch", { name: admin.form.active }).click();
  await save(page);
  await page.getByRole("main").getByRole("link", { name: admin.pages.departments }).click();
  await expect(page.getByRole("row").filter({ hasText: "Assistência" })).toContainText(admin.form.inactive);
});

test("a site made here has a code of its own, and leaving with changes asks", async ({ agent }) => {
  const { page } = await agent("admin");
  await open(page, "/admin/sites/new");
  await page.getByRole("textbox", { name: admin.sites.name }).fill("Outlet");
  const domains = page.getByRole("combobox", { name: admin.start.domains_label });
  await domains.fill("outlet.example.com");
  await domains.press("Enter");
  await save(page);
  await expect(page.getByRole("heading", { name: "Outlet" })).toBeVisible();
  await page.getByRole("textbox", { name: admin.sites.name }).fill("Outlet 2");
  const questions: string[] = [];
  page.once("dialog", (dialog) => {
    questions.push(dialog.message());
    void dialog.accept();
  });
  await page.getByRole("link", { name: admin.pages.start }).click();
  await expect(page.getByRole("heading", { name: admin.pages.start })).toBeVisible();
  expect(questions).toEqual([admin.form.leave]);
  await expect(page.getByRole("combobox", { name: admin.start.site })).toBeVisible();
});

test("an address is blocked for a time, found again and taken off", async ({ agent }) => {
  const { page } = await agent("admin");
  await open(page, "/admin/blocks");
  const address = page.getByRole("textbox", { name: admin.blocks.address });
  await address.fill("203.0.113.300");
  await page.getByRole("button", { name: admin.blocks.block, exact: true }).click();
  await expect(address).toHaveAttribute("aria-invalid", "true");
  await address.fill("203.0.113.7/24");
  await page.getByRole("textbox", { name: admin.blocks.reason }).fill("Ofensas");
  await page.getByRole("button", { name: admin.blocks.block, exact: true }).click();
  const row = page.getByRole("row").filter({ hasText: "203.0.113.0/24" });
  await expect(row).toContainText("Ofensas");
  await page.getByRole("searchbox", { name: admin.blocks.search }).fill("ofen");
  await row.getByRole("button", { name: admin.blocks.remove }).click();
  await page.getByRole("dialog").getByRole("button", { name: admin.blocks.remove }).click();
  await expect(row).toHaveCount(0);
});
