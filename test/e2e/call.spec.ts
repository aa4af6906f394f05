import type { Page } from "@playwright/test";
import { expect, password, test } from "./support/fixtures.ts";
import type { Server } from "./support/server.ts";
import { SiteAdmin } from "./support/site.ts";
import { Widget } from "./support/widget.ts";
import { words } from "./support/words.ts";

const maria = { name: "Maria Souza", email: "maria@example.com", department: "Vendas" };

/** Serves a page of the shop's own making: the address is the shop's, the text is ours. */
async function page(at: Page, address: string, body: string): Promise<void> {
  await at.route(address, (route) =>
    route.fulfill({
      contentType: "text/html; charset=utf-8",
      body: `<!doctype html><html lang="pt"><head><title>Loja antiga</title></head><body>${body}</body></html>`,
    }),
  );
  await at.goto(address);
}

/** Where each call stands: the sides of the window it is near to; the first is the one it touches. */
const modes: Record<number, { edges: ("top" | "bottom" | "left" | "right")[]; popup: boolean }> = {
  1: { edges: ["bottom", "right"], popup: true },
  2: { edges: ["bottom", "left"], popup: true },
  3: { edges: ["right"], popup: true },
  4: { edges: ["left"], popup: true },
  6: { edges: ["top", "right"], popup: true },
  7: { edges: ["top", "left"], popup: true },
  10: { edges: ["bottom", "right"], popup: false },
  11: { edges: ["bottom", "left"], popup: false },
};

/** The site's policy: nothing of others, but what our guide says. */
async function strictPolicy(at: Page, { shop, origin }: Server): Promise<void> {
  const policy = `default-src 'self'; script-src 'self' ${origin}; connect-src 'self' ${origin} ${origin.replace("http", "ws")}; img-src 'self' ${origin}`;
  await at.route(`${shop}/**`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
  });
}

test("each call mode stands in its place and opens, under a strict policy and on a phone", async ({
  agent,
  server,
  visitor,
}, info) => {
  await agent("ana");
  const admin = await SiteAdmin.of(server, password);
  const shop = await visitor("/");
  await strictPolicy(shop.page, server);
  const complaints: string[] = [];
  shop.page.on("pageerror", (error) => complaints.push(error.message));
  shop.page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  for (const [mode, { edges, popup }] of Object.entries(modes)) {
    await test.step(`${mode}: ${edges.join(" ")}`, async () => {
      await admin.look({ call_mode: Number(mode), chat_mode: popup ? "popup" : "widget" });
      for (const view of [
        { width: 390, height: 844 },
        { width: 1366, height: 768 },
      ]) {
        await shop.page.setViewportSize(view);
        if (view.width === 390) await shop.page.reload();
        await expect(shop.launcher).toBeVisible();
        await expect(async () => {
          const box = await shop.launcher.boundingBox();
          if (!box) throw new Error("no box");
          const distance = {
            top: box.y,
            left: box.x,
            bottom: view.height - box.y - box.height,
            right: view.width - box.x - box.width,
          };
          for (const edge of edges) expect(distance[edge], edge).toBeLessThan(25);
          for (const edge of ["top", "left", "bottom", "right"] as const) expect(distance[edge]).toBeGreaterThan(-1);
        }).toPass();
        await shop.page.screenshot({ path: info.outputPath(`call-${mode}-${view.width}.png`) });
      }
      if (!popup) {
        await shop.open();
        for (const width of [1366, 390]) {
          await shop.page.setViewportSize({ width, height: 768 });
          await expect(shop.dialog).toBeInViewport({ ratio: 1 });
          // On a phone it is the whole screen's width.
          if (width === 390) await expect.poll(() => shop.dialog.boundingBox()).toMatchObject({ x: 0, width });
          await shop.page.screenshot({ path: info.outputPath(`open-${mode}-${width}.png`) });
        }
        await shop.dialog.getByRole("button", { name: words.pt.widget.minimise }).click();
        return;
      }
      const opened = shop.page.waitForEvent("popup");
      await shop.launcher.click();
      const window = new Widget(await opened, "pt");
      await expect(window.dialog).toBeVisible();
      await window.page.close();
    });
  }
  expect(complaints).toEqual([]);
});

test("call mode 0 stands where the code was placed, 5 nowhere", async ({ agent, browser, server }, info) => {
  await agent("ana");
  const admin = await SiteAdmin.of(server, password);
  const context = await browser.newContext();
  const shop = await context.newPage();
  const script = `<script async src="${server.origin}/v/aceno.js" data-key="${admin.key}"></script>`;
  const place = `<h1>Contato</h1><p>Fale: <span data-aceno-call></span> agora.</p>`;
  await page(
    shop,
    `${server.shop}/zero`,
    `${place}<script>window.aceno=window.aceno||function(){(aceno.q=aceno.q||[]).push(arguments)};aceno("callmode",0)</script>${script}`,
  );
  const widget = new Widget(shop, "pt");
  await expect(shop.locator("[data-aceno-call] aceno-chat button")).toBeVisible();
  await shop.screenshot({ path: info.outputPath("call-0.png") });
  // The site's chat mode is the widget: it opens in the page.
  await widget.open();

  await page(
    shop,
    `${server.shop}/five`,
    `${place}<script>window.aceno=window.aceno||function(){(aceno.q=aceno.q||[]).push(arguments)};aceno("callmode",5)</script>${script}`,
  );
  await expect(async () => {
    await shop.evaluate(() => (window as unknown as { aceno(command: string): void }).aceno("open"));
    await expect(widget.dialog).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(widget.launcher).toHaveCount(0);
  await context.close();
});

test("the window is the same visitor, and talks", async ({ agent, server, visitor }) => {
  const ana = await agent("ana");
  const admin = await SiteAdmin.of(server, password);
  await admin.look({ call_mode: 1, chat_mode: "popup" });
  const shop = await visitor("/");
  await expect(ana.row("Visitante 1")).toHaveCount(1);
  const opened = shop.page.waitForEvent("popup");
  await shop.launcher.click();
  const window = new Widget(await opened, "pt");
  await expect(window.dialog).toBeVisible();
  expect(window.page.url()).not.toContain("token");
  await window.introduce(maria);
  await window.expectPosition(1);
  await ana.expectWaiting(1);
  await expect(ana.grid.locator("[role=row]:has([role=gridcell])")).toHaveCount(1);
  await ana.next.click();
  await ana.say("Boa tarde!");
  await expect(window.message("Boa tarde!")).toHaveCount(1);
  // The page it was opened from stays the page the visitor is on.
  await expect(ana.grid.getByText(/\/chat\//)).toHaveCount(0);
  await window.page.reload();
  await expect(window.message("Boa tarde!")).toHaveCount(1);
});

test("the direct address opens the chat with who, where and what; it can be framed by the site only", async ({
  agent,
  browser,
  server,
}, info) => {
  const ana = await agent("ana");
  const admin = await SiteAdmin.of(server, password);
  const context = await browser.newContext({ locale: "pt-BR" });
  const direct = await context.newPage();
  await direct.goto(
    `${server.origin}/chat/${admin.key}?department=vendas&name=Jo%C3%A3o%20Lima&email=joao@example.com&page=https://loja.example/p/1&vars=pedido%3D77&language=pt`,
  );
  const widget = new Widget(direct, "pt");
  await expect(widget.dialog).toBeVisible();
  expect(direct.url()).not.toMatch(/joao|pedido|Lima/);
  await expect(widget.dialog.getByRole("radio", { name: /^Vendas/ })).toBeChecked();
  await direct.screenshot({ path: info.outputPath("direct.png") });
  await expect(ana.row("João Lima")).toHaveCount(1);

  const frame = `<iframe src="${server.origin}/chat/${admin.key}" style="width:400px;height:600px"></iframe>`;
  await page(direct, `${server.shop}/framed`, frame);
  await expect(direct.frameLocator("iframe").getByRole("dialog")).toBeVisible();
  const refused: string[] = [];
  direct.on("console", (message) => refused.push(message.text()));
  await page(direct, "http://elsewhere.test/framed", frame);
  await expect.poll(() => refused.join(" ")).toContain("frame-ancestors");
  await context.close();
});

test("the original's untouched install code works when only its host is changed", async ({
  agent,
  browser,
  server,
}, info) => {
  const ana = await agent("ana");
  const admin = await SiteAdmin.of(server, password);
  const theirs = "10a72d115d78fd54c1ce87ce8bf6f07e";
  await admin.change({ legacy_key: theirs });
  const context = await browser.newContext({ locale: "pt-BR" });
  const shop = await context.newPage();
  const complaints: string[] = [];
  shop.on("pageerror", (error) => complaints.push(error.message));
  const host = server.origin.replace("http:", "");
  const code = `<p>Fale conosco: <script>
var _tn = _tn || [];
_tn.push(['_setAccount', '${theirs}']);
_tn.push(['_setAction', 'track-view']);
_tn.push(['_setName', 'Maria Souza']);
_tn.push(['_setEmail', 'maria@example.com']);
_tn.push(['_setChatMode', 'popup']);
_tn.push(['_setCallMode', '0']);
(function() {
document.write(unescape("%3Cspan id='tolvnow'%3E%3C/span%3E"));
var tss = document.createElement('script');
tss.type = 'text/javascript';
tss.async = true;
tss.src = '${host}/js/tn.js';
var s = document.getElementsByTagName('script')[0];
s.parentNode.insertBefore(tss, s);
})();
</script></p>`;
  await page(shop, `${server.shop}/antiga`, code);
  await expect(shop.locator("#tolvnow aceno-chat button")).toBeVisible();
  await expect(ana.row("Maria Souza")).toHaveCount(1);
  await shop.screenshot({ path: info.outputPath("original.png") });
  const opened = shop.waitForEvent("popup");
  await shop.locator("#tolvnow aceno-chat button").click();
  const window = new Widget(await opened, "pt");
  await expect(window.dialog).toBeVisible();
  await window.dialog.getByRole("radio", { name: /^Vendas/ }).check();
  await window.dialog.getByRole("button", { name: "Iniciar conversa" }).click();
  await ana.expectWaiting(1);

  // Pushed after the load, and monitoring that is off from the start.
  await shop.evaluate(() => (window as unknown as { _tn: unknown[][] })._tn.push(["_setCallMode", "2"]));
  await expect(shop.locator("body > aceno-chat button")).toBeVisible();
  await shop.evaluate(() => localStorage.clear());
  await page(
    shop,
    `${server.shop}/calada`,
    code
      .replace("_tn.push(['_setAction", "_tn.push(['_monitoring', false]);\n_tn.push(['_setAction")
      .replaceAll("Maria Souza", "Quem Não Aparece"),
  );
  await expect(shop.locator("#tolvnow aceno-chat button")).toBeVisible();
  await expect(ana.row("Quem Não Aparece")).toHaveCount(0);
  expect(complaints).toEqual([]);
  await context.close();
});

test("theme, words and the call's images; away while nobody attends", async ({ agent, server, visitor }, info) => {
  const admin = await SiteAdmin.of(server, password);
  const words = {
    label: "Fale com a Trilha",
    title: "Trilha ajuda",
    greeting: "Oi! Conte o que procura.",
    away: "Voltamos às 9 h.",
  };
  const none = { label: "", title: "", greeting: "", away: "" };
  await admin.look({
    call_mode: 3,
    theme: admin.theme({ brand: "#ffcc00", corner: 4, size: "large", scheme: "dark" }),
    texts: { pt: words, en: none, es: none },
  });
  const shop = await visitor("/");
  await expect(shop.launcher).toHaveAccessibleName(/offline/);
  await shop.open();
  await expect(shop.dialog.getByText("Voltamos às 9 h.")).toBeVisible();
  await shop.page.screenshot({ path: info.outputPath("away.png") });
  await agent("ana");
  await expect(shop.dialog.getByText("Oi! Conte o que procura.")).toBeVisible();
  await expect(shop.dialog).toHaveAccessibleName("Trilha ajuda");
  await shop.page.screenshot({ path: info.outputPath("theme.png") });

  await shop.dialog.getByRole("button", { name: "Minimizar" }).click();
  await expect(shop.launcher).toHaveAccessibleName("Fale com a Trilha");
  await expect(shop.launcher).toBeFocused();

  await admin.look({
    call_mode: 11,
    theme: admin.theme({ launcher_online: `${server.shop}/assets/not-there.png`, scheme: "light" }),
  });
  await shop.page.reload();
  await expect(shop.launcher).toHaveAccessibleName("Fale com a Trilha");
  await expect(shop.launcher.locator("span")).toBeVisible();

  await admin.look({ hide_when_offline: true });
  const other = await visitor("/");
  await expect(other.launcher).toBeVisible();
});
