import { test as base, expect } from "@playwright/test";
import { Panel } from "./support/panel.ts";
import { Server } from "./support/server.ts";
import { words } from "./support/words.ts";

const test = base.extend<{ server: Server }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
  server: async ({}, use) => {
    const server = await Server.fresh();
    await use(server);
    await server.dispose();
  },
});

test("from a new server to the first administrator's grid with the address it printed, which works once", async ({
  page,
  server,
}) => {
  const { session } = words.pt.panel;
  const { setup } = words.pt;
  const printed = () => /http\S+\/setup#token=\S+(?=\s)/.exec(server.log())?.[0] ?? "";
  await expect.poll(printed).not.toBe(""); // the server answers a moment before it says so
  const address = printed();
  await page.goto(address);
  await page.getByLabel(setup.account_name).fill("Trilha Ltda.");
  await page.getByLabel(setup.domain).fill("loja.example.com");
  await page.getByLabel(setup.name, { exact: true }).fill("Helena Prado");
  await page.getByLabel(setup.email).fill("helena@example.com");
  await page.getByLabel(setup.login).fill("helena");
  await page.getByRole("textbox", { name: setup.password }).fill("cavalo-bateria-grampo");
  await page.getByRole("button", { name: setup.create }).click();

  const panel = new Panel(page, server.origin, "pt");
  await expect(panel.grid).toBeVisible();
  await page.getByRole("button", { name: words.pt.panel.grid.empty_install }).click();
  await expect(page.getByRole("main")).toContainText("/v/aceno.js");

  await page.context().clearCookies();
  await page.goto(server.origin);
  await page.goto(address);
  await expect(page.getByRole("button", { name: session.sign_in })).toBeVisible();
});
