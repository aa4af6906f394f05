import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { card, send } from "./support/outreach.ts";
import { say, words } from "./support/words.ts";

const { admin, outreach, panel, templates, widget } = words.pt;
const maria = { name: "Maria Souza", email: "maria@example.com" };

/** A picture of one orange pixel. */
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);

async function open(page: Page, path: string): Promise<void> {
  await page.goto(new URL(`/admin/${path}`, page.url()).href);
  await expect(page.getByRole("main").getByRole("heading", { level: 2 }).first()).toBeVisible();
}

const save = (page: Page) => page.getByRole("button", { name: admin.form.save, exact: true }).first().click();
const preview = (page: Page) => page.getByRole("complementary", { name: templates.preview });

test("an invite is written in two languages, seen as it is written, and found again", async ({ agent }) => {
  const { page } = await agent("admin");
  await open(page, "templates");
  await page.getByRole("button", { name: templates.add_invite }).click();
  await page.getByRole("textbox", { name: templates.name }).fill("Ajuda no carrinho");
  await page.getByRole("textbox", { name: templates.title }).fill("Posso ajudar?");
  await page.getByRole("textbox", { name: templates.text, exact: true }).fill("<b>Estou</b> aqui.");
  await expect(preview(page)).toContainText("Posso ajudar?");
  await expect(preview(page)).toContainText("<b>Estou</b> aqui.");
  await expect(preview(page)).toContainText(templates.chat);
  await page.getByText("English", { exact: true }).click();
  await page.getByRole("textbox", { name: templates.title }).fill("May I help?");
  await expect(preview(page)).toContainText("May I help?");
  await save(page);
  const row = page.getByRole("row").filter({ hasText: "Ajuda no carrinho" });
  await expect(row).toContainText("PT, EN");
  await row.getByRole("link").click();
  await expect(page.getByRole("textbox", { name: templates.title })).toHaveValue("Posso ajudar?");
  await page.getByRole("switch", { name: admin.form.active }).click();
  await save(page);
  await expect(row).toContainText(admin.form.inactive);
});

test("a promotion of a picture needs the picture, its text and a safe link, each named at its field", async ({
  agent,
}) => {
  const { page } = await agent("admin");
  await open(page, "templates/new/promotion");
  await page.getByRole("textbox", { name: templates.name }).fill("Entrega amanhã");
  await page.getByText(templates.styles.image, { exact: true }).click();
  const link = page.getByRole("textbox", { name: templates.link });
  await link.fill("javascript:alert(1)");
  await save(page);
  await expect(link).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByRole("textbox", { name: templates.image_alt })).toHaveAttribute("aria-invalid", "true");

  const field = page.locator("input[type=file]");
  await field.setInputFiles({ name: "a.svg", mimeType: "image/svg+xml", buffer: Buffer.from("<svg/>") });
  await expect(page.getByText(admin.image.type)).toBeVisible();
  await field.setInputFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from("<svg onload=alert(1)/>") });
  await expect(page.getByRole("group", { name: templates.image }).getByRole("alert")).toBeVisible();
  await field.setInputFiles({ name: "a.png", mimeType: "image/png", buffer: pixel });
  await expect(page.getByText(say(admin.image.size, { width: 1, height: 1 }))).toBeVisible();

  await page.getByRole("textbox", { name: templates.image_alt }).fill("Entrega amanhã até sexta");
  await link.fill("https://loja.example.com/frete");
  await expect(preview(page).getByRole("img", { name: "Entrega amanhã até sexta" })).toBeVisible();
  await save(page);
  await expect(page.getByRole("row").filter({ hasText: "Entrega amanhã" })).toContainText(templates.styles.image);
});

test("rules of outreach are kept", async ({ agent }) => {
  const { page } = await agent("admin");
  await open(page, "templates");
  await page.getByRole("textbox", { name: templates.per_visit }).fill("3");
  await save(page);
  await expect(page.getByText(admin.form.saved)).toBeVisible();
  await page.reload();
  await expect(page.getByRole("textbox", { name: templates.per_visit })).toHaveValue("3");
});

test("who invited is called in the administration area too, and attends from there", async ({ agent, visitor }) => {
  const boss = await agent("admin");
  await open(boss.page, "templates/new/invite");
  await boss.page.getByRole("textbox", { name: templates.name }).fill("Ajuda no carrinho");
  await boss.page.getByRole("textbox", { name: templates.title }).fill("Posso ajudar?");
  await save(boss.page);
  await expect(boss.page.getByRole("link", { name: "Ajuda no carrinho" })).toBeVisible();
  await boss.page.getByRole("button", { name: admin.area.back }).click();

  const shop = await visitor("/");
  await shop.identify(maria);
  await send(boss, boss.row(maria.name), "invite", "Ajuda no carrinho");
  await expect(card(shop.page)).toContainText("Posso ajudar?");
  await boss.page.getByRole("button", { name: panel.shell.settings }).click();
  await boss.page.getByRole("menuitem", { name: panel.shell.administration }).click();
  await expect(boss.page.getByRole("navigation", { name: admin.area.title })).toBeVisible();

  await card(shop.page).getByRole("button", { name: "Conversar" }).click();
  await shop.dialog.getByRole("radio", { name: /^Vendas/ }).check();
  await shop.dialog.getByRole("button", { name: widget.start }).click();
  await boss.page.getByRole("button", { name: outreach.attend }).click();
  await expect(boss.tab(maria.name)).toBeVisible();
});
