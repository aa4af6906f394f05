// Builds the scripts into ../dist/widget: the loader and its variant tn.js last, because they ask for the others by the hashes of their content.
// Each is one classic script without exports; source maps go to ./maps: the server does not ship them.
import { createHash } from "node:crypto";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
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
const define = {};
for (const [name, entry] of [
  ["chat", "src/chat/main.tsx"],
  ["page", "src/page/main.ts"],
]) {
  const code = await bundle(entry, `${name}.js`);
  const version = createHash("sha256").update(code).digest("hex").slice(0, 12);
  define[`${name.toUpperCase()}_FILE`] = JSON.stringify(`${name}.js?v=${version}`);
}
await bundle("src/loader/index.ts", "aceno.js", define);
await bundle("src/direct/index.ts", "direct.js");
await bundle("src/tn/index.ts", "tn.js", define);
await copyFile(join(here, "published/aceno.d.ts"), join(out, "aceno.d.ts"));
