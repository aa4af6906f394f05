import { expect, it } from "vitest";
import { Newcomers } from "./arrivals.ts";
import { aRow } from "./testing.ts";

const at = (n: number, started_at: number) => aRow(n, { started_at });
const names = (rows: { n: number }[]) => rows.map(({ n }) => n);

it("tells who came, not who was there, moved up or is told again", () => {
  const newcomers = new Newcomers();
  expect(newcomers.take({ rows: [at(2, 200), at(1, 100)] })).toEqual([]);
  expect(names(newcomers.take({ rows: [at(3, 300), at(4, 400)] }))).toEqual([4, 3]);
  expect(newcomers.take({})).toEqual([]);
  // Somebody left, and one who came long ago takes the place at the end.
  expect(newcomers.take({ rows: [at(9, 50)] })).toEqual([]);
  // After a reconnection the first frame is complete again.
  expect(names(newcomers.take({ rows: [at(5, 500), at(4, 400), at(3, 300)] }))).toEqual([5]);
});

it("tells the first visitor of an empty site", () => {
  const newcomers = new Newcomers();
  expect(newcomers.take({ rows: [] })).toEqual([]);
  expect(names(newcomers.take({ rows: [at(1, 100)] }))).toEqual([1]);
});
