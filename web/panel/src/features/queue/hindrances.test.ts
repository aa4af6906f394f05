import { expect, it } from "vitest";
import { hindrances } from "./queue-tables.tsx";

it("tells what stands against an agent's status", () => {
  const presence = { present: true, connected: true, awake: true, sound: true, quiet: false, ready: true };
  expect(hindrances({ status: "online", present: true }, presence)).toEqual([]);
  expect(hindrances({ status: "online", present: true }, { ...presence, awake: false, sound: false })).toEqual([
    "asleep",
    "no_sound",
  ]);
  expect(hindrances({ status: "online", present: true }, { ...presence, sound: false, quiet: true })).toEqual([]);
  expect(hindrances({ status: "busy", present: false }, presence)).toEqual(["absent"]);
  expect(hindrances({ status: "offline", present: false }, undefined)).toEqual([]);
  expect(hindrances({ status: "online", present: true }, undefined)).toEqual([]);
});
