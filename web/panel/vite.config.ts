import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { fakeServer } from "./dev/fake.ts";

const backend = process.env.ACENO_BACKEND ?? "http://localhost:8080";

export default defineConfig(({ mode }) => ({
  plugins: [react(), ...(mode === "fake" ? [fakeServer()] : [])],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  base: "/",
  build: {
    outDir: "../dist/panel",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // What the first paint needs is one file: it compresses better than forty.
        codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] },
        // The words of a lazy namespace are told apart from the panel's own, which belong to the first load.
        chunkFileNames: ({ facadeModuleId }) => {
          const lazyWords = /\/i18n\/([^/]+)\/[a-z]{2}\.json$/.exec(facadeModuleId ?? "");
          return lazyWords ? `assets/${lazyWords[1]}-[name]-[hash].js` : "assets/[name]-[hash].js";
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: mode === "fake" ? undefined : { "/api": { target: backend, ws: true } },
  },
  test: {
    // One worker for each of two cores: vitest keeps a core for itself otherwise.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    css: false,
    restoreMocks: true,
    // A page of jsdom takes a second for each file: only components have one, and rules that say so in their first line.
    projects: [
      { extends: true, test: { name: "rules", environment: "node", include: ["src/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "components",
          environment: "jsdom",
          include: ["src/**/*.test.tsx"],
          setupFiles: ["./src/shared/test-setup.ts"],
        },
      },
    ],
  },
}));
