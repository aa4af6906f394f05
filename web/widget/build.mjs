// Builds the two scripts into ../dist/widget: chat.js first, because the loader asks for it by the hash of its content.
// Each is one classic script without exports; source maps go to ./maps: the server does not ship them.
import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../dist/widget");
const maps = join(here, "maps");

async function bundle(entry, file, define = {}) {
  const { output } = await build({
    root: here,
    configFile: false,
    logLevel: "warn",
    define,
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      write: false,
      target: "es2020",
      sourcemap: "hidden",
      modulePreload: false,
      rolldownOptions: { input: join(here, entry), output: { format: "iife", entryFileNames: file } },
    },
  });
  for (const { fileName, code, source } of output) {
    await writeFile(join(fileName.endsWith(".map") ? maps : out, fileName), code ?? source);
  }
  return output.find(({ fileName }) => fileName === file).code;
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await mkdir(maps, { recursive: true });
const chat = await bundle("src/chat/main.tsx", "chat.js");
const version = createHash("sha256").update(chat).digest("hex").slice(0, 12);
await bundle("src/loader/index.ts", "aceno.js", { CHAT_FILE: JSON.stringify(`chat.js?v=${version}`) });
