import { execFileSync } from "node:child_process";
import path from "node:path";
import { defineConfig } from "@playwright/test";

// Chromium comes from the system (scripts/need), never from a download: what is tested is what the distribution ships.
// Its headless shell comes first: the same engine at half of the processor time.
function chromium(): string {
  if (process.env.ACENO_CHROMIUM) {
    return process.env.ACENO_CHROMIUM;
  }
  const names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
  const found = execFileSync("sh", ["-c", `for n in ${names.join(" ")}; do command -v $n && break; done`]);
  return found.toString().trim();
}

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: path.resolve(import.meta.dirname, "../../test-results/e2e"),
  fullyParallel: true,
  workers: 2,
  // A test that passes the second time has found a fault: nothing is tried again.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    // Tracing costs a fifth of the processor time. To look into a failure: npx playwright test x.spec.ts --trace on
    trace: "off",
    screenshot: "only-on-failure",
    locale: "pt-BR",
    timezoneId: "America/Sao_Paulo",
    // A browser that calls itself headless is counted as a bot and left out of the grid.
    userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36",
    viewport: { width: 1366, height: 768 },
    launchOptions: {
      executablePath: chromium(),
      args: [
        "--no-sandbox",
        // A page whose headers a test rewrites has no address of its own; it may still speak to this machine.
        "--disable-features=LocalNetworkAccessChecks",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
