import { expect, it } from "vitest";
import { placed, sameOrder } from "./sorting.ts";

it("puts one at another place and keeps the others' order", () => {
  expect(placed(["a", "b", "c"], "a", 2)).toEqual(["b", "c", "a"]);
  expect(placed(["a", "b", "c"], "c", 0)).toEqual(["c", "a", "b"]);
  expect(placed(["a", "b", "c"], "b", 9)).toEqual(["a", "c", "b"]);
  expect(placed(["a", "b", "c"], "b", -1)).toEqual(["b", "a", "c"]);
});

it("knows the same order", () => {
  expect(sameOrder(["a", "b"], ["a", "b"])).toBe(true);
  expect(sameOrder(["a", "b"], ["b", "a"])).toBe(false);
  expect(sameOrder(["a"], ["a", "b"])).toBe(false);
});
