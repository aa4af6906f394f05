import { type Browser, expect, type Page, test } from "@playwright/test";
import { Server } from "../support/server.ts";
import { median, printTable } from "./figures.ts";

const runs = 11;
/** The page is watched for this long after its load event: the script connects, fetches its second stage, shows the icon. */
const watched = 2_500;

interface Cost {
  /** Bytes on the wire, headers included. */
  transfer: number;
  requests: number;
  /** Milliseconds the page's main thread was busy. */
  busy: number;
  /** Milliseconds of the longest task. */
  longest: number;
  /** Cumulative layout shift. */
  shift: number;
  /** Milliseconds until the largest paint. */
  paint: number;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  args?: { name?: string };
}

test("what the script costs the shop's page", async ({ browser }) => {
  const server = await Server.demo();
  try {
    await visit(browser, server, true); // nobody's first visit is measured
    const costs: Record<"without" | "with", Cost[]> = { without: [], with: [] };
    for (let run = 0; run < runs; run++) {
      const order = run % 2 ? (["with", "without"] as const) : (["without", "with"] as const);
      for (const way of order) costs[way].push(await visit(browser, server, way === "with"));
    }
    const of = (way: "with" | "without", key: keyof Cost) => median(costs[way].map((cost) => cost[key]));
    const row = (name: string, key: keyof Cost, digits: number) => {
      const [before, after] = [of("without", key), of("with", key)];
      return [name, before.toFixed(digits), after.toFixed(digits), (after - before).toFixed(digits)];
    };
    const worst = (name: string, key: keyof Cost, digits: number) => {
      const [before, after] = (["without", "with"] as const).map((way) =>
        Math.max(...costs[way].map((cost) => cost[key])),
      );
      return [
        name,
        (before ?? 0).toFixed(digits),
        (after ?? 0).toFixed(digits),
        ((after ?? 0) - (before ?? 0)).toFixed(digits),
      ];
    };
    printTable(
      `Demo shop's first page, cold cache, Chromium, median of ${runs} visits each way, in turn`,
      ["", "without", "with", "difference"],
      [
        row("transfer, bytes", "transfer", 0),
        row("requests", "requests", 0),
        row("main thread busy, ms", "busy", 1),
        row("longest task, ms", "longest", 1),
        row("largest paint, ms", "paint", 0),
        row("layout shift", "shift", 4),
        worst("layout shift, worst visit", "shift", 4),
      ],
    );
  } finally {
    await server.dispose();
  }
});

async function visit(browser: Browser, server: Server, withScript: boolean): Promise<Cost> {
  const context = await browser.newContext();
  const page = await context.newPage();
  if (!withScript) {
    await page.route(`${server.shop}/`, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/<script async [^>]*aceno\.js[^>]*><\/script>/, "");
      expect(body).not.toContain("aceno.js");
      await route.fulfill({ response, body });
    });
  } else {
    // As much work for the browser's driver as without.
    await page.route(`${server.shop}/`, async (route) => route.fulfill({ response: await route.fetch() }));
  }
  await watchPaints(page);
  let [transfer, requests] = [0, 0];
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => {
    transfer += encodedDataLength;
    requests++;
  });
  await browser.startTracing(page, {
    categories: ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"],
  });
  await page.goto(`${server.shop}/`, { waitUntil: "load" });
  await page.waitForTimeout(watched);
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const [shift, paint] = await page.evaluate(() => {
    const seen = window as unknown as { shift: number; paint: number };
    return [seen.shift, seen.paint] as const;
  });
  await context.close();
  return { transfer, requests, shift, paint, ...mainThread(trace.traceEvents) };
}

async function watchPaints(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = Object.assign(window, { shift: 0, paint: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.paint = entry.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
  });
}

/** How busy the main threads of the page's processes were: the tasks of their event loops. */
function mainThread(events: readonly TraceEvent[]): { busy: number; longest: number } {
  const mains = new Set(
    events
      .filter((event) => event.ph === "M" && event.name === "thread_name" && event.args?.name === "CrRendererMain")
      .map((event) => `${event.pid}.${event.tid}`),
  );
  const tasks = events
    .filter((event) => event.ph === "X" && event.name === "RunTask" && mains.has(`${event.pid}.${event.tid}`))
    .map((event) => (event.dur ?? 0) / 1000);
  expect(tasks.length).toBeGreaterThan(0);
  return { busy: tasks.reduce((sum, each) => sum + each, 0), longest: Math.max(...tasks) };
}
