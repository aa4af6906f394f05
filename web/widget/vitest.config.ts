import { defineConfig } from "vitest/config";

export default defineConfig({
  define: { CHAT_FILE: JSON.stringify("chat.js?v=test"), PAGE_FILE: JSON.stringify("page.js?v=test") },
  test: {
    // Tests of what needs a page say so in their first line.
    environment: "node",
    environmentOptions: { jsdom: { url: "https://shop.example/produtos" } },
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
