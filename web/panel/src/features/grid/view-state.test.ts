import { describe, expect, it } from "vitest";
import { countFilters, isFiltered, nextSort, noFilters, toView } from "./view-state.ts";

describe("toView", () => {
  it("asks for who waits first when nothing was chosen", () => {
    expect(toView(noFilters, []).sort.map((each) => each.by)).toEqual(["state", "waiting_since", "started_at"]);
  });

  it("turns a time on the screen into its beginning", () => {
    const view = toView({ ...noFilters, text: "  maria ", min_minutes: 2 }, [{ column: "time_on_site", dir: "desc" }]);
    expect(view).toMatchObject({
      text: "maria",
      min_seconds_on_site: 120,
      sort: [{ by: "started_at", dir: "asc" }],
    });
  });

  it("ignores a remembered column that no longer exists", () => {
    expect(toView(noFilters, [{ column: "gone", dir: "asc" }]).sort).toHaveLength(3);
  });
});

describe("nextSort", () => {
  it("goes natural, other, standard", () => {
    const first = nextSort([], "name", false);
    expect(first).toEqual([{ column: "name", dir: "asc" }]);
    const second = nextSort(first, "name", false);
    expect(second).toEqual([{ column: "name", dir: "desc" }]);
    expect(nextSort(second, "name", false)).toEqual([]);
    expect(nextSort([], "time_on_site", false)).toEqual([{ column: "time_on_site", dir: "desc" }]);
  });

  it("turns the standard order around at a click on the state, and back at the next", () => {
    const turned = nextSort([], "state", false);
    expect(turned).toEqual([{ column: "state", dir: "desc" }]);
    expect(nextSort(turned, "state", false)).toEqual([]);
  });

  it("adds up to three columns, the oldest giving way", () => {
    const add = (sort: ReturnType<typeof nextSort>, column: string) => nextSort(sort, column, true);
    const four = ["name", "pages", "visits", "browser"].reduce(add, []);
    expect(four.map((wish) => wish.column)).toEqual(["pages", "visits", "browser"]);
    expect(nextSort(four, "visits", true)[1]).toEqual({ column: "visits", dir: "asc" });
  });

  it("leaves a column alone that cannot be sorted", () => {
    expect(nextSort([], "fields", false)).toEqual([]);
  });
});

it("counts the filters in use", () => {
  const filters = { ...noFilters, countries: ["BR"], min_minutes: 1, text: "x" };
  expect(countFilters(filters)).toBe(2);
  expect([isFiltered(noFilters), isFiltered(filters)]).toEqual([false, true]);
});
