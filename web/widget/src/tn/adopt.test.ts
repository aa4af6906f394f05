import { describe, expect, it } from "vitest";
import { adopt } from "./adopt";

type Page = Window & { _tn?: unknown; aceno?: { q?: unknown[][] } };

const queue = (page: Page) => page.aceno?.q ?? [];

describe("adopt", () => {
  it("hears what was pushed before and after, in order, with and without the prefix", () => {
    const page = {
      _tn: [
        ["_setAccount", "k"],
        ["action", "track-view"],
        ["_monitoring", false],
        ["_setCallMode", "0"],
      ],
    } as unknown as Page;
    adopt(page);
    const list = page._tn as unknown as unknown[][];
    expect(list.push(["_setName", "Maria"], ["email", "maria@exemplo.com"])).toBe(6);
    expect(list).toHaveLength(6);
    expect(queue(page)).toEqual([
      ["key", "k"],
      ["action", "track-view"],
      ["monitoring", false],
      ["callmode", "0"],
      ["name", "Maria"],
      ["email", "maria@exemplo.com"],
    ]);
  });

  it("lets a callback in the queue run where it stands", () => {
    const order: string[] = [];
    const page = {
      _tn: [() => order.push("first"), ["_setName", "Ana"], () => order.push("second")],
    } as unknown as Page;
    adopt(page);
    expect(order).toEqual(["first", "second"]);
    expect(queue(page)).toEqual([["name", "Ana"]]);
  });

  it("survives entries that are none, and a page that has something else under the name", () => {
    const page = { _tn: [null, 5, [], "x", [Symbol("s")]] } as unknown as Page;
    expect(() => adopt(page)).not.toThrow();
    const other = { _tn: { push: 1 } } as unknown as Page;
    adopt(other);
    expect(other._tn).toEqual({ push: 1 });
    expect(other.aceno).toBeUndefined();
  });

  it("uses the page's own queue when both install codes are there", () => {
    const heard: unknown[][] = [];
    const aceno = (...args: unknown[]) => heard.push(args);
    adopt({ _tn: [["_setEmail", "a@b.co"]], aceno } as unknown as Page);
    expect(heard).toEqual([["email", "a@b.co"]]);
  });
});
