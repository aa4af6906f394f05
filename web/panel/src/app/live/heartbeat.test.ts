import { expect, it, vi } from "vitest";
import { startHeartbeat } from "./heartbeat.ts";

it("beats every 5 s and notices a pause", () => {
  let now = 0;
  let tick = () => {};
  const onBeat = vi.fn();
  const onAwake = vi.fn();
  startHeartbeat({
    tick: (run) => {
      tick = run;
      return () => {};
    },
    now: () => now,
    onBeat,
    onAwake,
  });
  const after = (ms: number) => {
    now += ms;
    tick();
  };
  for (let i = 0; i < 6; i++) after(5_000);
  expect(onBeat).toHaveBeenCalledTimes(6);
  expect(onAwake).not.toHaveBeenCalled();
  after(120_000);
  expect(onAwake).toHaveBeenCalledOnce();
  expect(onBeat).toHaveBeenCalledTimes(7);
});
