import { expect, it } from "vitest";
import { hindrances } from "./queue-tables.tsx";

it("tells what stands against an agent's status", () => {
  const presence = { present: true, awake: true, sound: true };
  expect(hindrances({ status: "online", present: true }, presence)).toEqual([]);
  expect(hindrances({ status: "online", present: true }, { ...presence, awake: false, sound: false })).toEqual([
    "asleep",
    "no_sound",
  ]);
  expect(hindrances({ status: "busy", present: false }, presence)).toEqual(["absent"]);
  expect(hindrances({ status: "offline", present: false }, undefined)).toEqual([]);
  expect(hindrances({ status: "online", present: true }, undefined)).toEqual([]);
});
