import { type BrowserContext, type BrowserContextOptions, test as base } from "@playwright/test";
import { Panel } from "./panel.ts";
import { Server } from "./server.ts";
import { Widget } from "./widget.ts";
import { type Language, words } from "./words.ts";

export const password = "demo-aceno";

/** Runs in the page before its scripts: what a site does that tells the widget its language. The shop itself is Portuguese. */
function speak(language: string): void {
  const early: unknown[] = [["language", language]];
  Object.assign(window, { aceno: Object.assign((...command: unknown[]) => early.push(command), { q: early }) });
}

interface Fixtures {
  /** The language of everybody in the test. */
  language: Language;
  /** An installation of its own. */
  server: Server;
  /** Signs an agent in, in a browser of their own. */
  agent(login: string, options?: BrowserContextOptions): Promise<Panel>;
  /** Opens the shop, in a browser of its own. */
  visitor(path?: string, options?: BrowserContextOptions): Promise<Widget>;
}

export const test = base.extend<Fixtures>({
  language: ["pt", { option: true }],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
  server: async ({}, use, info) => {
    const server = await Server.demo();
    await use(server);
    await server.dispose();
    if (info.status !== info.expectedStatus) {
      await info.attach("server.log", { body: server.log(), contentType: "text/plain" });
    }
  },

  agent: async ({ browser, server, language }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (login, options) => {
      const context = await browser.newContext({ locale: words[language].locale, ...options });
      contexts.push(context);
      const panel = new Panel(await context.newPage(), server.origin, language);
      await panel.signIn(login, password);
      return panel;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },

  visitor: async ({ browser, server, language }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (path = "/", options) => {
      const context = await browser.newContext({ locale: words[language].locale, ...options });
      contexts.push(context);
      await context.addInitScript(speak, language);
      const page = await context.newPage();
      await page.goto(new URL(path, server.shop).href);
      return new Widget(page, language);
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

export { expect } from "@playwright/test";
