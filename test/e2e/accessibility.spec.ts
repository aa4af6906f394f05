import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";

const maria = { name: "Maria Souza", email: "maria@example.com", department: "Vendas" };

/** What axe calls serious or critical, in a form that a failed test can show. */
async function faults(page: Page, within?: string): Promise<string[]> {
  const builder = new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]);
  const { violations } = await (within ? builder.include(within) : builder).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("the sign-in page has no serious fault", async ({ page, server }) => {
      await page.goto(server.origin);
      await expect(page.getByRole("button")).not.toHaveCount(0);
      expect(await faults(page)).toEqual([]);
    });

    test("the panel has no serious fault, empty or at work", async ({ agent, visitor }) => {
      const ana = await agent("ana");
      expect(await faults(ana.page)).toEqual([]);
      const shop = await visitor("/");
      await shop.open();
      await shop.introduce({ ...maria, text: "Bom dia!" });
      await ana.expectWaiting(1);
      expect(await faults(ana.page)).toEqual([]);
      await ana.next.click();
      await ana.note("Cliente antiga");
      await ana.say("Bom dia, Maria!");
      await expect(ana.message("Bom dia, Maria!")).toBeVisible();
      expect(await faults(ana.page)).toEqual([]);
    });

    test("the widget has no serious fault, from the launcher to the end", async ({ agent, visitor }) => {
      const ana = await agent("ana");
      const shop = await visitor("/");
      await expect(shop.launcher).toBeVisible();
      expect(await faults(shop.page, "aceno-chat")).toEqual([]);
      await shop.open();
      expect(await faults(shop.page, "aceno-chat")).toEqual([]);
      await shop.introduce({ ...maria, text: "Bom dia!" });
      await shop.expectPosition(1);
      expect(await faults(shop.page, "aceno-chat")).toEqual([]);
      await ana.expectWaiting(1);
      await ana.next.click();
      await ana.say("Bom dia, Maria!");
      await expect(shop.message("Bom dia, Maria!")).toBeVisible();
      expect(await faults(shop.page, "aceno-chat")).toEqual([]);
      await ana.end();
      await shop.expectEnded();
      expect(await faults(shop.page, "aceno-chat")).toEqual([]);
    });
  });
}
