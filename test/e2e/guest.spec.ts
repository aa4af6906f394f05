import type { BrowserContext, Page } from "@playwright/test";
import { expect, password, test } from "./support/fixtures.ts";
import type { Panel } from "./support/panel.ts";
import { SiteAdmin } from "./support/site.ts";
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

/** What old libraries leave behind: everything inherits functions and values that loops come across. */
const pollution = `<script>
  Object.prototype.each = function () { return "each"; };
  Object.prototype.polluted = "yes";
  Array.prototype.last = function () { return this[this.length - 1]; };
</script>`;

/** A reset that spares nothing below the body. */
const reset = `<style>
  body *, body *::before, body *::after { all: revert !important; position: static !important; display: block !important;
    font: 3px serif !important; color: red !important; visibility: visible !important; opacity: 0.2 !important;
    transform: rotate(3deg) !important; pointer-events: none !important; }
  html, body { overflow: hidden !important; line-height: 0 !important; letter-spacing: 2em; text-transform: uppercase; }
</style>`;

test("a hostile page, a script before the body, a wrong key, a sandboxed frame: nothing throws, and people talk", async ({
  agent,
  browser,
  server,
}) => {
  const ana = await agent("ana");
  const admin = await SiteAdmin.of(server, password);
  const context = await browser.newContext({ locale: "pt-BR" });
  const page = await context.newPage();
  const thrown: string[] = [];
  page.on("pageerror", (error) => thrown.push(error.message));
  const serve = async (path: string, html: string) => {
    await context.route(`${server.shop}${path}`, (route) =>
      route.fulfill({ contentType: "text/html; charset=utf-8", body: html }),
    );
    await page.goto(`${server.shop}${path}`);
  };
  const script = (key: string) => `<script src="${server.origin}/v/aceno.js" data-key="${key}"></script>`;

  await test.step("a wrong key shows nothing and says nothing", async () => {
    const refused = page.waitForResponse((response) => response.url().includes("/v/poll"));
    await page.routeWebSocket(/\/v\/socket/, (socket) => socket.close());
    await serve("/chave-errada", `<!doctype html>${script("nenhuma")}<h1>Loja</h1>`);
    expect((await refused).status()).toBeGreaterThanOrEqual(400);
    await expect(new Widget(page, "pt").launcher).toBeHidden();
    await page.evaluate(() => (window as unknown as { aceno(...args: unknown[]): void }).aceno("open"));
  });

  await test.step("before the body, loaded twice, under a reset and a polluted prototype", async () => {
    const own = await context.newPage();
    own.on("pageerror", (error) => thrown.push(error.message));
    await context.route(`${server.shop}/hostil`, (route) =>
      route.fulfill({
        contentType: "text/html; charset=utf-8",
        body: `<!doctype html><html><head>${pollution}${script(admin.key)}${script(admin.key)}${reset}</head><body><h1>Loja</h1></body></html>`,
      }),
    );
    await own.goto(`${server.shop}/hostil`);
    const widget = new Widget(own, "pt");
    await expect(widget.launcher).toHaveCount(1);
    const [box, view] = [await widget.launcher.boundingBox(), own.viewportSize()];
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeGreaterThan((view?.height ?? 0) - 40);
    expect(box?.width).toBeGreaterThan(40);
    await talk(widget, ana);
    expect(await widget.field.evaluate((field) => Number.parseFloat(getComputedStyle(field).fontSize))).toBe(16);
    await widget.end();
    await own.close();
  });

  await test.step("in a frame that may nothing but run scripts", async () => {
    await ana.closeTab();
    await admin.change({ allowed_domains: ["*"] });
    const inner = `<h1>Quadro</h1>${script(admin.key)}`.replaceAll('"', "&quot;");
    await serve(
      "/quadro",
      `<iframe sandbox="allow-scripts" style="width:800px;height:700px" srcdoc="${inner}"></iframe>`,
    );
    const frame = page.frames()[1];
    if (!frame) throw new Error("no frame");
    await talk(new Widget(frame as unknown as Page, "pt"), ana);
  });
  expect(thrown).toEqual([]);
  await context.close();
});
