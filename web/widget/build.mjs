// Builds the two scripts into ../dist/widget: chat.js first, because the loader asks for it by the hash of its content.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../dist/widget");

/** Style sheets travel as minified text: they become constructed sheets in a shadow root. */
const inlineStyles = {
  name: "inline-styles",
  setup(builder) {
    builder.onResolve({ filter: /\.css\?inline$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace("?inline", "")),
    }));
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

async function bundle(entry, file, define = {}) {
  const result = await build({
    entryPoints: [join(here, entry)],
    outfile: join(out, file),
    bundle: true,
    format: "iife",
    target: ["es2020"],
    minify: true,
    charset: "utf8",
    legalComments: "none",
    sourcemap: "external",
    jsx: "automatic",
    jsxImportSource: "preact",
    define,
    plugins: [inlineStyles],
    write: false,
  });
  await mkdir(out, { recursive: true });
  for (const made of result.outputFiles) await writeFile(made.path, made.contents);
  return result.outputFiles.find((made) => made.path.endsWith(".js")).text;
}

const chat = await bundle("src/chat/main.tsx", "chat.js");
const version = createHash("sha256").update(chat).digest("hex").slice(0, 12);
await bundle("src/loader/main.ts", "aceno.js", { CHAT_FILE: JSON.stringify(`chat.js?v=${version}`) });
