#!/usr/bin/env node
// Scrolls the panel's grid as a hand does and prints how long its frames took: none may be over 50 ms.
//   node test/load/grid-scroll.mjs http://localhost:8080 carla demo-aceno
// against an installation with many visitors, `aceno demo --visitors 5000` for one.
import { createRequire } from "node:module";

const { chromium } = createRequire(new URL("../e2e/package.json", import.meta.url))("@playwright/test");
const [address = "http://localhost:8080", login = "carla", password = "demo-aceno"] = process.argv.slice(2);
const seconds = 10;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell" });
const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, locale: "pt-BR" });
await page.goto(address);
await page.getByRole("textbox").first().fill(login);
await page.getByRole("textbox").nth(1).fill(password);
await page.keyboard.press("Enter");
await page.getByTestId("grid-row").first().waitFor();
const cdp = await page.context().newCDPSession(page);

await page.evaluate(() => {
  window.work = [];
  new PerformanceObserver((list) => window.work.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: "longtask",
  });
  window.frames = [];
  let last = performance.now();
  const tick = (now) => {
    window.frames.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
});
const { metrics: before } = await cdp.send("Performance.enable").then(() => cdp.send("Performance.getMetrics"));
const box = await page.locator("#visitor-grid").boundingBox();
await page.mouse.move(box.x + 300, box.y + 200);
for (const end = Date.now() + seconds * 1000; Date.now() < end; ) await page.mouse.wheel(0, 400);
const { metrics: after } = await cdp.send("Performance.getMetrics");
const busy = (name) => after.find((m) => m.name === name).value - before.find((m) => m.name === name).value;
const { frames, work, lines } = await page.evaluate(() => ({
  frames: window.frames.toSorted((a, b) => a - b),
  work: window.work,
  lines: Number(document.querySelector("#visitor-grid").ariaRowCount) - 1,
}));
const at = (share) => frames[Math.min(frames.length - 1, Math.floor(frames.length * share))].toFixed(1);
process.stdout.write(`${lines} rows, ${seconds} s of scrolling: ${frames.length} frames\n`);
process.stdout.write(
  `between frames: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms, over 50 ms: ${frames.filter((ms) => ms > 50).length}\n`,
);
process.stdout.write(
  `tasks over 50 ms: ${work.length}${work.length ? `, longest ${Math.max(...work)} ms` : ""}; main thread busy ${((100 * busy("TaskDuration")) / seconds).toFixed(0)} %\n`,
);
await browser.close();
