// Makes src/app/theme/inter-latin-wght-normal.woff2 from the published font: only the Latin letters, and only the weights the
// panel uses. A third of the first load was font. Run with `npm run font -w panel`; the result is committed.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import subsetFont from "subset-font";

const source = fileURLToPath(import.meta.resolve("@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"));
const target = fileURLToPath(new URL("../src/app/theme/inter-latin-wght-normal.woff2", import.meta.url));

/** The unicode-range in global.css. */
const ranges =
  "0000-00FF 0131 0152-0153 02BB-02BC 02C6 02DA 02DC 0304 0308 0329 2000-206F 20AC 2122 2191 2193 2212 2215 FEFF FFFD";

const letters = ranges.split(" ").flatMap((range) => {
  const [first, last = first] = range.split("-").map((hex) => Number.parseInt(hex, 16));
  return Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at));
});
const font = await subsetFont(await readFile(source), letters.join(""), {
  targetFormat: "woff2",
  variationAxes: { wght: { min: 400, max: 700, default: 400 } },
});
await writeFile(target, font);
