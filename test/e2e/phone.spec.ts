import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

/** Nothing sticks out at the side. */
async function fits(page: Page): Promise<boolean> {
  return await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
}

test("agent and visitor talk on phones", async ({ agent, visitor }) => {
  const ana = await agent("ana");
  expect(await fits(ana.page)).toBe(true);
  const shop = await visitor("/");
  await shop.open();
  expect(await fits(shop.page)).toBe(true);
  await shop.introduce({ name: "Maria Souza", email: "maria@example.com", department: "Vendas" });
  await ana.expectWaiting(1);
  await ana.next.tap();
  await ana.say("Boa tarde!");
  await expect(shop.message("Boa tarde!")).toBeVisible();
  await shop.say("Boa tarde!");
  await expect(ana.message("Boa tarde!")).toHaveCount(2);
  expect(await fits(ana.page)).toBe(true);
  // Below 16 px a phone zooms into the field.
  const size = await shop.field.evaluate((field) => Number.parseFloat(getComputedStyle(field).fontSize));
  expect(size).toBeGreaterThanOrEqual(16);
});
