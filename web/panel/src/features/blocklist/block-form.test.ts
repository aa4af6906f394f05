import { expect, it } from "vitest";
import { blockable, endOf } from "./block-form.tsx";

it("ends a block after its span, never, or at the day that was chosen", () => {
  const now = Date.UTC(2026, 0, 1);
  expect(endOf("hour", "", now)).toBe(now + 3_600_000);
  expect(endOf("week", "", now)).toBe(now + 7 * 86_400_000);
  expect(endOf("never", "", now)).toBeUndefined();
  expect(endOf("date", "2026-02-03T04:05", now)).toBe(new Date(2026, 1, 3, 4, 5).getTime());
});

it("blocks the network of an address that is cut to it", () => {
  expect(blockable("203.0.113.7")).toBe("203.0.113.7");
  expect(blockable("203.0.113.0")).toBe("203.0.113.0/24");
  expect(blockable("2804:14d:5c70::")).toBe("2804:14d:5c70::/48");
  expect(blockable("2804:14d:5c70:8a4f::1")).toBe("2804:14d:5c70:8a4f::1");
  expect(blockable("")).toBe("");
});
