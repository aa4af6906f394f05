import { defineConfig } from "@playwright/test";
import tests from "./playwright.config.ts";

// What `make bench` measures in a browser. One at a time: a figure taken beside another one says little.
export default defineConfig(tests, {
  testDir: "./bench",
  testMatch: "*.bench.ts",
  fullyParallel: false,
  workers: 1,
  timeout: 300_000,
  reporter: [["line"]],
  use: { trace: "off", screenshot: "off" },
});
