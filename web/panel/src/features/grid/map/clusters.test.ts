import { expect, it } from "vitest";
import { clustersOf } from "./clusters.ts";

const spot = (code: string, count: number, x: number, y: number) => ({ code, count, x, y });

it("puts together what would overlap, and nobody is lost", () => {
  const clusters = clustersOf([spot("PT", 10, 100, 100), spot("ES", 30, 110, 100), spot("BR", 100, 400, 300)]);
  expect(clusters.map(({ count, spots }) => [count, spots.map(({ code }) => code)])).toEqual([
    [100, ["BR"]],
    [40, ["ES", "PT"]],
  ]);
  expect(clusters[1]?.x).toBe(107.5);
});

it("keeps apart what lies apart, the larger circle for more", () => {
  const [more, fewer] = clustersOf([spot("BR", 400, 0, 0), spot("PT", 4, 300, 0)]);
  expect(more?.radius).toBeGreaterThan(fewer?.radius ?? 0);
});

it("has nothing to show for nobody", () => expect(clustersOf([])).toEqual([]));
