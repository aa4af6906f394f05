import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { say, words } from "./support/words.ts";

const { admin, trigger } = words.pt;

/** Opens the page of the triggers. */
async function triggers(page: Page): Promise<void> {
  await page.goto(new URL("/admin/triggers", page.url()).href);
  await expect(page.getByRole("heading", { name: admin.pages.triggers })).toBeVisible();
}

async function choose(page: Page, label: string, option: string, nth = 0): Promise<void> {
  await page.getByRole("combobox", { name: label, exact: true }).nth(nth).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** Types a rule that says a message of the team to whoever scrolls half of the shop's page of that address. */
async function write(page: Page, name: string, address: string): Promise<void> {
  await page.getByRole("button", { name: trigger.new }).click();
  await page.getByRole("textbox", { name: trigger.edit.name, exact: true }).fill(name);
  await page.getByRole("combobox", { name: trigger.edit.values }).fill(address);
  await page.getByRole("combobox", { name: trigger.edit.values }).press("Enter");
  await choose(page, trigger.edit.kind, trigger.kinds.message);
  await page.getByRole("textbox", { name: trigger.edit.text }).fill("Posso ajudar com as medidas?");
}

test("a rule is written, read in plain words, tried on who is there, switched on, and acts", async ({
  agent,
  visitor,
}) => {
  const boss = await agent("admin");
  const { page } = boss;
  const shop = await visitor("/");
  await triggers(page);
  await write(page, "Tabela de medidas", "/sizes");
  await page.getByRole("button", { name: trigger.edit.add }).click();
  await choose(page, trigger.edit.field, trigger.fields.scroll, 1);
  await page.getByRole("textbox", { name: trigger.edit.value, exact: true }).fill("50");
  await expect(page.getByText(/^Quando o endereço da página contém “\/sizes” e rola 50 % da página:/)).toBeVisible();

  await page.getByRole("button", { name: trigger.try.button }).click();
  await expect(page.getByText(say(trigger.try.reached_on_page, { reached: 0, of: 1 }))).toBeVisible();
  await shop.page.goto(new URL("/sizes", shop.page.url()).href);
  await expect(async () => {
    await page.getByRole("button", { name: trigger.try.button }).click();
    await expect(page.getByText(say(trigger.try.reached_on_page, { reached: 1, of: 1 }))).toBeVisible({ timeout: 500 });
  }).toPass();

  await page.getByRole("button", { name: trigger.edit.save }).click();
  const line = page.getByRole("row").filter({ hasText: "Tabela de medidas" });
  await line.getByRole("switch").click({ force: true });
  await expect(line.getByRole("switch")).toBeChecked();

  await shop.page.setViewportSize({ width: 900, height: 300 });
  await shop.page.reload();
  await shop.page.evaluate(() => scrollTo({ top: document.documentElement.scrollHeight }));
  await expect(shop.page.getByText("Posso ajudar com as medidas?")).toBeVisible();
  await expect(async () => {
    await page.reload();
    await expect(line.getByRole("cell").last()).toBeVisible();
    await expect(line.getByRole("cell").nth(5)).toHaveText("1", { timeout: 500 });
  }).toPass();
});

test("what contradicts itself is refused, and the field says so", async ({ agent }) => {
  const { page } = await agent("admin");
  await triggers(page);
  await write(page, "Nunca", "(");
  await choose(page, trigger.edit.operator, trigger.operators.matches);
  await page.getByRole("button", { name: trigger.edit.save }).click();
  await expect(page.getByText(/missing closing \)/).first()).toBeVisible();
});

test("leaving and the time on the page are seen by the page", async ({ agent, visitor, server }) => {
  const { page } = await agent("admin");
  const rule = (name: string, field: string, value: string, path: string) => ({
    name,
    active: true,
    once: "visitor",
    match: "all",
    conditions: [
      { field, operator: field === "seconds_on_page" ? "at_least" : "is", values: [value] },
      { field: "page_url", operator: "is", values: [path] },
    ],
    action: { kind: "message", text: `Mensagem: ${name}` },
  });
  for (const body of [rule("saída", "leaving", "yes", "/cart"), rule("tempo", "seconds_on_page", "1", "/help")]) {
    const answer = await page.request.post(`${server.origin}/api/triggers`, { data: body });
    expect(answer.status(), await answer.text()).toBe(201);
  }
  const shop = await visitor("/help");
  await expect(shop.page.getByText("Mensagem: tempo")).toBeVisible();
  const leaver = await visitor("/cart");
  await expect(async () => {
    await leaver.page.mouse.move(200, 200);
    await leaver.page.evaluate(() =>
      document.dispatchEvent(new MouseEvent("mouseout", { bubbles: true, clientY: -1, relatedTarget: null })),
    );
    await expect(leaver.page.getByText("Mensagem: saída")).toBeVisible({ timeout: 500 });
  }).toPass();
});

test("a click on the call is answered by the team inside the chat that it opens", async ({
  agent,
  visitor,
  server,
}) => {
  const { page } = await agent("admin");
  const answer = await page.request.post(`${server.origin}/api/triggers`, {
    data: {
      name: "clique",
      active: true,
      once: "every_time",
      repeats: 3,
      match: "all",
      conditions: [{ field: "icon_click", operator: "is", values: ["yes"] }],
      action: { kind: "message", text: "Que bom ver você. Como ajudamos?" },
    },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  const shop = await visitor("/");
  await shop.open();
  await expect(shop.dialog.getByText("Que bom ver você. Como ajudamos?")).toBeVisible();
  await shop.page.reload();
  await expect(shop.dialog.getByText("Que bom ver você. Como ajudamos?")).toBeVisible();
});
