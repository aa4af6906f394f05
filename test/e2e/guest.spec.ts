import type { BrowserContext, Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import type { Panel } from "./support/panel.ts";
import { Widget } from "./support/widget.ts";

const maria = { name: "Maria Souza", email: "maria@example.com", department: "Vendas" };

/** The shop's pages under the narrowest policy: our origin where the guide says so, and trusted types. */
async function strictPolicy(context: BrowserContext, shop: string, origin: string): Promise<void> {
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${origin}`,
    `connect-src ${origin} ${origin.replace("http", "ws")}`,
    "style-src 'self'",
    "img-src 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types aceno",
  ].join("; ");
  await context.route(`${shop}/**`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
  });
}

/** What the page's console and policy complain about. */
function complaints(page: Page): string[] {
  const all: string[] = [];
  page.on("pageerror", (error) => all.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") {
      all.push(message.text());
    }
  });
  return all;
}

async function talk(widget: Widget, panel: Panel): Promise<void> {
  await widget.open();
  await widget.introduce(maria);
  await widget.expectPosition(1);
  await panel.expectWaiting(1);
  await panel.next.click();
  await panel.say("Boa tarde!");
  await expect(widget.message("Boa tarde!")).toHaveCount(1);
  await widget.say("Tem em azul?");
  await expect(panel.message("Tem em azul?")).toHaveCount(1);
}

test("works under a strict content security policy, without a complaint", async ({ agent, browser, server }) => {
  const ana = await agent("ana");
  const context = await browser.newContext();
  await strictPolicy(context, server.shop, server.origin);
  const page = await context.newPage();
  const heard = complaints(page);
  await page.goto(server.shop);
  await talk(new Widget(page, "pt"), ana);
  expect(heard).toEqual([]);
  await context.close();
});

test("works when the browser refuses storage", async ({ agent, browser, server }) => {
  const ana = await agent("ana");
  const context = await browser.newContext();
  await context.addInitScript(() => {
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, name, {
        get: () => {
          throw new DOMException("refused", "SecurityError");
        },
      });
    }
  });
  const page = await context.newPage();
  const heard = complaints(page);
  await page.goto(server.shop);
  await talk(new Widget(page, "pt"), ana);
  expect(heard).toEqual([]);
  await context.close();
});

for (const [how, refuse] of [
  ["the network cuts sockets", (page: Page) => page.routeWebSocket(/\/v\/socket/, (socket) => socket.close())],
  [
    "the browser has none",
    (page: Page) => page.addInitScript(() => Reflect.deleteProperty(window, "WebSocket") && undefined),
  ],
] as const) {
  test(`falls back to long polling when ${how}`, async ({ agent, browser, server }) => {
    const ana = await agent("ana");
    const context = await browser.newContext();
    const page = await context.newPage();
    await refuse(page);
    const poll = page.waitForRequest(/\/v\/poll/);
    await page.goto(server.shop);
    await poll;
    await expect(ana.row(await page.title())).toHaveCount(1);
    await talk(new Widget(page, "pt"), ana);
    await context.close();
  });
}

test("two tabs of a visitor are one visitor with one conversation", async ({ agent, visitor }) => {
  const ana = await agent("ana");
  const first = await visitor("/");
  await talk(first, ana);
  const page = await first.page.context().newPage();
  await page.goto(first.page.url());
  const second = new Widget(page, "pt");
  if (!(await second.dialog.isVisible())) {
    await second.open();
  }
  await expect(second.message("Tem em azul?")).toHaveCount(1);
  await second.say("Tamanho M");
  await expect(ana.message("Tamanho M")).toHaveCount(1);
  await expect(first.message("Tamanho M")).toHaveCount(1);
  await expect(ana.row(maria.name)).toHaveCount(1);
  await ana.expectActive(1);
});

test("follows navigation inside the page, reloads and page changes", async ({ agent, visitor }) => {
  const ana = await agent("ana");
  const shop = await visitor("/");
  await talk(shop, ana);

  await shop.page.evaluate(() => {
    history.pushState(null, "", "/virtual/jaqueta");
    document.title = "Jaqueta corta-vento";
  });
  await expect(ana.row("Jaqueta corta-vento")).toHaveCount(1);

  await shop.page.goto(new URL("/", shop.page.url()).href);
  await expect(shop.dialog).toBeVisible();
  await expect(shop.message("Tem em azul?")).toHaveCount(1);
  await shop.page.reload();
  await expect(shop.message("Boa tarde!")).toHaveCount(1);
  await shop.say("Voltei");
  await expect(ana.message("Voltei")).toHaveCount(1);
});

test("loading the script twice is harmless", async ({ agent, visitor }) => {
  const ana = await agent("ana");
  const shop = await visitor("/");
  await expect(shop.launcher).toBeVisible();
  await shop.page.evaluate(() => {
    const script = document.querySelector<HTMLScriptElement>("script[data-key]");
    const again = document.createElement("script");
    again.src = script?.src ?? "";
    again.dataset.key = script?.dataset.key ?? "";
    document.head.append(again);
    return new Promise((resolve) => again.addEventListener("load", resolve));
  });
  await expect(shop.launcher).toHaveCount(1);
  await talk(shop, ana);
});
