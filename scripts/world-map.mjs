#!/usr/bin/env node
// Writes web/panel/src/features/grid/map/world.json: the outline and the middle of each country for the grid's map, made light from
// the npm package @svg-maps/world (CC BY 4.0). Run it as `node scripts/world-map.mjs path/to/@svg-maps/world/index.js`.
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const tolerance = 0.55; // of 1,010 units of width
const smallest = 1.2; // square units: islands below are left out, unless they are all there is of a country

const { default: map } = await import(pathToFileURL(process.argv[2]));

/** The rings of an SVG path, which consists of straight lines. */
function rings(path) {
  const all = [];
  let at = [0, 0];
  let start = at;
  for (const [, command, text] of path.matchAll(/([a-zA-Z])([^a-zA-Z]*(?:e-?\d+[^a-zA-Z]*)*)/g)) {
    const numbers = (text.match(/-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?/g) ?? []).map(Number);
    const relative = command === command.toLowerCase();
    const kind = command.toLowerCase();
    if (kind === "z") {
      at = start;
      continue;
    }
    const step = { m: 2, l: 2, h: 1, v: 1, c: 6 }[kind];
    if (!step) throw new Error(`command ${command}`);
    for (let i = 0; i < numbers.length; i += step) {
      const [x, y] =
        kind === "h" ? [numbers[i], relative ? 0 : at[1]]
        : kind === "v" ? [relative ? 0 : at[0], numbers[i]]
        : numbers.slice(i + step - 2, i + step);
      at = relative ? [at[0] + x, at[1] + y] : [x, y];
      if (kind === "m" && i === 0) {
        start = at;
        all.push([]);
      }
      all.at(-1).push(at);
    }
  }
  return all.filter((ring) => ring.length > 2);
}

/** Twice the signed area, and the middle, of a ring. */
function measure(ring) {
  let area = 0;
  let x = 0;
  let y = 0;
  ring.forEach(([x1, y1], i) => {
    const [x2, y2] = ring[(i + 1) % ring.length];
    const cross = x1 * y2 - x2 * y1;
    area += cross;
    x += (x1 + x2) * cross;
    y += (y1 + y2) * cross;
  });
  return area === 0 ? { area: 0, middle: ring[0] } : { area: Math.abs(area / 2), middle: [x / (3 * area), y / (3 * area)] };
}

/** Ramer–Douglas–Peucker. */
function simplify(points) {
  if (points.length < 3) return points;
  const [a, b] = [points[0], points.at(-1)];
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  let far = 0;
  let at = 0;
  points.forEach(([x, y], i) => {
    const distance =
      length === 0
        ? Math.hypot(x - a[0], y - a[1])
        : Math.abs((b[0] - a[0]) * (a[1] - y) - (a[0] - x) * (b[1] - a[1])) / length;
    if (distance > far) [far, at] = [distance, i];
  });
  if (far <= tolerance) return [a, b];
  return [...simplify(points.slice(0, at + 1)).slice(0, -1), ...simplify(points.slice(at))];
}

const countries = {};
for (const { id, path } of map.locations) {
  const all = rings(path).map((ring) => ({ ring, ...measure(ring) })).sort((a, b) => b.area - a.area);
  const kept = all.filter(({ area }, i) => i === 0 || area >= smallest);
  const text = kept
    .map(({ ring }) => simplify([...ring, ring[0]]).slice(0, -1))
    .filter((ring, i) => i === 0 || ring.length > 2)
    .map((ring) => {
      let [px, py] = [0, 0];
      return `${ring
        .map(([x, y], i) => {
          const [rx, ry] = [Math.round(x * 10), Math.round(y * 10)];
          const step = `${i === 0 ? "M" : i === 1 ? "l" : " "}${rx - px},${ry - py}`;
          [px, py] = [rx, ry];
          return step;
        })
        .join("")}z`;
    })
    .join("");
  countries[id.toUpperCase()] = [text, ...all[0].middle.map((value) => Math.round(value * 10))];
}
const [, , width, height] = map.viewBox.split(" ").map(Number);
writeFileSync(
  new URL("../web/panel/src/features/grid/map/world.json", import.meta.url),
  `${JSON.stringify({ width: width * 10, height: height * 10, countries })}\n`,
);
