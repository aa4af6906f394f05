import { expect, it } from "vitest";
import { readiness } from "./readiness.ts";

const all = { present: true, connected: true, awake: true, sound: true, quiet: false, ready: true };

it("names each part by itself", () => {
  expect(readiness("online", true, all)).toEqual({ wish: true, connection: true, awake: true, sound: true });
  expect(readiness("busy", true, all).wish).toBe(false);
  expect(readiness("online", true, { ...all, awake: false }).awake).toBe(false);
  expect(readiness("online", true, { ...all, sound: false }).sound).toBe(false);
});

it("asks no sound of who wants none", () => {
  expect(readiness("online", true, { ...all, sound: false, quiet: true }).sound).toBe(true);
});

it("takes nobody for awake without a connection, whatever the server said last", () => {
  expect(readiness("online", false, all)).toMatchObject({ connection: false, awake: false });
  expect(readiness("online", true, undefined)).toMatchObject({ awake: false, sound: false });
});
