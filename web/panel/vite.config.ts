import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { fakeServer } from "./dev/fake.ts";

const backend = process.env.ACENO_BACKEND ?? "http://localhost:8080";

/** What the first paint needs is named `first-*`: the size limit counts exactly these files. */
function assetName(names: string[]): string {
  const name = names[0] ?? "";
  if (name === "index.css" || name.startsWith("inter-latin-wght-normal")) return "assets/first-[hash][extname]";
  return "assets/[name]-[hash][extname]";
}

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
        entryFileNames: "assets/first-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: (asset) => assetName(asset.names),
      },
    },
  },
  server: {
    port: 5173,
    proxy: mode === "fake" ? undefined : { "/api": { target: backend, ws: true } },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/shared/test-setup.ts"],
    css: false,
    restoreMocks: true,
  },
}));
