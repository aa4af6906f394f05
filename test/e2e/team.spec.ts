import type { Page } from "@playwright/test";
import { expectAccessible } from "./support/axe.ts";
import { expect, test } from "./support/fixtures.ts";
import { pattern, say, words } from "./support/words.ts";

const { teamchat: said } = words.pt;

/** The team chat of one agent. */
function teamOf(page: Page) {
  const box = page.getByRole("dialog", { name: said.full });
  const people = box.getByRole("navigation", { name: said.people });
  return {
    box,
    people,
    button: page.getByRole("button", { name: new RegExp(`^${said.full}`) }),
    field: box.getByRole("textbox", { name: pattern(said.write) }),
    log: box.getByRole("log"),
    enter: (name: string) => people.getByRole("button", { name }).first().click(),
    async expectUnread(count: number) {
      const text = count === 1 ? said.unread_one : said.unread_other;
      await expect(this.button).toHaveAccessibleName(count === 0 ? said.full : say(text, { count }));
    },
  };
}

test("agents talk among themselves: one to one, by department, with files, mentions and read marks", async ({
  agent,
}) => {
  const [anaPanel, brunoPanel, carlaPanel] = await Promise.all([agent("ana"), agent("bruno"), agent("carla")]);
  const [ana, bruno, carla] = [teamOf(anaPanel.page), teamOf(brunoPanel.page), teamOf(carlaPanel.page)];

  // One to one: counted, announced, opened from the notice, read.
  await anaPanel.page.getByRole("button", { name: "Chat entre atendentes" }).waitFor(); // its key comes with it
  await anaPanel.page.keyboard.press("Alt+t");
  await ana.enter("Bruno Lima");
  await ana.field.fill("Viu a barraca? https://trilha.example/barracas");
  await ana.field.press("Enter");
  const line = ana.log.getByRole("article").filter({ hasText: "Viu a barraca?" });
  await expect(line.getByTitle(said.sent)).toBeVisible();
  await bruno.expectUnread(1);
  await brunoPanel.page.getByRole("button", { name: said.notice_open }).click();
  await expect(bruno.log.getByRole("link", { name: "https://trilha.example/barracas" })).toBeVisible();
  await bruno.expectUnread(0);
  await expect(line.getByTitle(said.seen)).toBeVisible();
  await expect(ana.field).toHaveValue("");

  // A file goes to members only.
  const chooser = brunoPanel.page.waitForEvent("filechooser");
  await bruno.box.getByRole("button", { name: said.attach }).click();
  await (await chooser).setFiles({ name: "nota.txt", mimeType: "text/plain", buffer: Buffer.from("segredo") });
  const link = ana.log.getByRole("link", { name: /nota\.txt/ });
  await expect(link).toBeVisible();
  const address = (await link.getAttribute("href")) ?? "";
  const fetched = (page: Page) =>
    page.evaluate(async (url) => `${(await fetch(url)).status}`, new URL(address, anaPanel.page.url()).href);
  expect(await fetched(anaPanel.page)).toBe("200");
  expect(await fetched(carlaPanel.page)).toBe("404");

  // A department's room; Carla is called by name, by keyboard alone.
  await bruno.enter("Vendas");
  await bruno.field.pressSequentially("Bom dia, @car");
  await expect(bruno.box.getByRole("option", { name: "Carla Dias" })).toBeVisible();
  await bruno.field.press("Enter");
  await bruno.field.pressSequentially("tudo certo?");
  await bruno.field.press("Enter");
  await carla.expectUnread(1);
  await carla.button.click();
  await expect(carla.people.getByRole("button", { name: new RegExp(said.mentioned) })).toBeVisible();
  await carla.enter("Vendas");
  await expect(carla.log.getByText("@Carla Dias")).toBeVisible();
  await carla.expectUnread(0);
  await ana.expectUnread(1);
  await carla.field.press("Escape");
  await expect(carla.box).toBeHidden();
  await expect(carla.button).toBeFocused();

  // All of it is there after a reload, with what is unread.
  await anaPanel.page.reload();
  await ana.expectUnread(1);
  await ana.button.click();
  await ana.enter("Vendas");
  await expect(ana.log.getByText("tudo certo?")).toBeVisible();
  await expect(ana.log.getByText(said.new, { exact: true })).toBeVisible();
  await ana.expectUnread(0);
  await expectAccessible(anaPanel.page, "[role=dialog]");
});
