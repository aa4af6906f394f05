import { expect, it } from "vitest";
import { newPassword } from "./password.ts";

it("makes another password each time, of letters that are not misread", () => {
  const made = new Set(Array.from({ length: 50 }, () => newPassword()));
  expect(made.size).toBe(50);
  for (const password of made) expect(password).toMatch(/^([2-9a-hjkmnp-z]{4}-){3}[2-9a-hjkmnp-z]{4}$/);
});

it("does not use bytes that would make some letters likelier", () => {
  let round = 0;
  const password = newPassword((bytes) => {
    bytes.fill(round === 0 ? 255 : 0);
    round++;
  });
  expect(password).toBe("2222-2222-2222-2222");
  expect(round).toBe(2);
});
