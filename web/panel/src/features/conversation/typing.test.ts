import { expect, it } from "vitest";
import { FakeTimers } from "@/app/live/testing.ts";
import { TypingSignal } from "./typing.ts";

it("tells at the first key, then every 3 s, and the end 5 s after the last", () => {
  const timers = new FakeTimers();
  const told: boolean[] = [];
  const signal = new TypingSignal((on) => told.push(on), timers);
  for (let i = 0; i < 4; i++) {
    signal.key();
    timers.advance(1_000);
  }
  expect(told).toEqual([true, true]);
  timers.advance(4_000);
  expect(told).toEqual([true, true, false]);
  signal.stop();
  signal.key();
  signal.stop();
  expect(told).toEqual([true, true, false, true, false]);
});
