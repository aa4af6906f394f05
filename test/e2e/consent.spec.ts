import { expect, type Page, request } from "@playwright/test";
import { password, test } from "./support/fixtures.ts";
import type { Server } from "./support/server.ts";

/** Everything of ours on the device, by name. */
async function kept(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [localStorage, sessionStorage].flatMap((area) =>
      Object.keys(area)
        .filter((key) => key.startsWith("aceno."))
        .map((key) => key.split(".").slice(2).join(".")),
    ),
  );
}

/** What the administrator chooses in the site's settings. */
async function choose(server: Server, privacy: Record<string, unknown>): Promise<void> {
  const admin = await request.newContext({ baseURL: server.origin });
  // The demo fills its account while it already answers.
  await expect(async () => {
    expect((await admin.post("/api/session", { data: { login: "admin", password } })).ok()).toBe(true);
    expect((await (await admin.get("/api/sites")).json()).sites).toHaveLength(1);
  }).toPass();
  const { sites } = await (await admin.get("/api/sites")).json();
  const { id, settings } = sites[0];
  const saved = await admin.patch(`/api/sites/${id}`, {
    data: { settings: { ...settings, privacy: { ...settings.privacy, ...privacy } } },
  });
  expect(saved.ok(), await saved.text()).toBe(true);
  await admin.dispose();
}

const notice = (page: Page) => page.locator("aceno-chat").getByRole("region", { name: "Privacidade" });

test("nothing is on the device until the visitor agrees; then the visit is a known one", async ({
  agent,
  server,
  visitor,
}) => {
  await choose(server, { presence: "consent", policy_url: "https://trilha.example/privacidade" });
  const ana = await agent("ana");
  const shop = await visitor("/?utm_source=secreto");
  await expect(notice(shop.page)).toBeVisible();
  expect(await kept(shop.page)).toEqual([]);
  await expect(ana.grid.getByRole("row").filter({ hasText: "secreto" })).toHaveCount(0);

  await shop.page.reload();
  await expect(notice(shop.page)).toBeVisible();
  expect(await kept(shop.page)).toEqual([]);

  // What the site says of its customer waits in the page for the answer.
  await shop.page.evaluate(() =>
    (window as unknown as { aceno(...command: unknown[]): void }).aceno("identify", { name: "Maria Souza" }),
  );
  await expect(ana.grid.getByRole("row")).not.toHaveCount(0);
  await expect(ana.grid.getByText("Maria Souza")).toHaveCount(0);
  await notice(shop.page).getByRole("button", { name: "Aceitar" }).click();
  await expect(notice(shop.page)).toBeHidden();
  await expect.poll(() => kept(shop.page)).toContain("token");
  await expect(ana.grid.getByText("Maria Souza")).toBeVisible();
  await shop.page.reload();
  await expect.poll(() => kept(shop.page)).toContain("token");
  await expect(notice(shop.page)).toBeHidden();

  await shop.page.evaluate(() => (window as unknown as { aceno(...command: unknown[]): void }).aceno("consent", false));
  await expect.poll(() => kept(shop.page)).toEqual(["refused"]);
});

test("a refusal is remembered in the tab, and the chat works all the same, across pages", async ({
  agent,
  server,
  visitor,
}) => {
  await choose(server, { presence: "consent" });
  const ana = await agent("ana");
  const shop = await visitor("/");
  await notice(shop.page).getByRole("button", { name: "Recusar" }).click();
  expect(await kept(shop.page)).toEqual(["refused"]);
  await shop.page.reload();
  await expect(shop.launcher).toBeVisible();
  await expect(notice(shop.page)).toBeHidden();

  await shop.open();
  await shop.introduce({ name: "Maria Souza", email: "maria@example.com", department: "Vendas" });
  await ana.expectWaiting(1);
  await ana.next.click();
  await ana.say("Boa tarde!");
  await expect(shop.message("Boa tarde!")).toHaveCount(1);
  await shop.page.reload();
  await expect(shop.message("Boa tarde!")).toHaveCount(1);
  await shop.say("Continuo aqui");
  await expect(ana.message("Continuo aqui")).toHaveCount(1);
});

test("presence off: nobody is in the grid, the chat works", async ({ agent, server, visitor }) => {
  await choose(server, { presence: "off" });
  const ana = await agent("ana");
  const shop = await visitor("/");
  await shop.open();
  await shop.introduce({ name: "Maria Souza", email: "maria@example.com", department: "Vendas" });
  await ana.expectWaiting(1);
  expect(await kept(shop.page)).not.toContain("look");
});
