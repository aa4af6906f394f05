import { describe, expect, it } from "vitest";
import { message } from "../../test/fakes";
import { Timeline } from "./timeline";

const sequences = (timeline: Timeline) => timeline.messages.map((item) => item.sequence);

describe("Timeline", () => {
  it("takes each message once, whatever way it comes", () => {
    const timeline = new Timeline();
    expect(timeline.accept(message(1), message(2))).toHaveLength(2);
    expect(timeline.accept(message(2), message(1))).toHaveLength(0);
    expect(sequences(timeline)).toEqual([1, 2]);
  });

  it("takes newer copies of what it holds, and no older ones", () => {
    const timeline = new Timeline();
    timeline.accept(message(1), message(2));
    expect(timeline.renew({ ...message(1), text: "edited", revision: 2 }, message(9))).toBe(true);
    expect(timeline.renew({ ...message(1), text: "late", revision: 1 })).toBe(false);
    expect(timeline.messages.map(({ text }) => text)).toEqual(["edited", message(2).text]);
    expect(timeline.last).toBe(2);
  });

  it("keeps an early message aside until the gap is filled", () => {
    const timeline = new Timeline();
    timeline.accept(message(1));
    expect(timeline.accept(message(4))).toEqual([]);
    expect(timeline.gap).toBe(true);
    expect(timeline.last).toBe(1);
    expect(timeline.accept(message(2), message(3)).map((item) => item.sequence)).toEqual([2, 3, 4]);
    expect(timeline.gap).toBe(false);
  });

  it("ends up the same for every order and repetition of the same messages", () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    for (let round = 0; round < 200; round++) {
      const count = 1 + Math.floor(random() * 12);
      const incoming = Array.from({ length: count * 3 }, (_, i) => message(1 + (i % count))).sort(() => random() - 0.5);
      const timeline = new Timeline();
      const added = incoming.flatMap((item) => timeline.accept(item));
      expect(sequences(timeline)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
      expect(added.map((item) => item.sequence)).toEqual(sequences(timeline));
    }
  });

  it("gives a new array after a change and the same one after none", () => {
    const timeline = new Timeline();
    timeline.accept(message(1));
    const before = timeline.messages;
    timeline.accept(message(1));
    expect(timeline.messages).toBe(before);
    timeline.accept(message(2));
    expect(timeline.messages).not.toBe(before);
  });
});
