import { describe, expect, it } from "vitest";
import { copyMonday, dayName, overnight, periodsOf, withBrazilian } from "./hours.ts";

const monday = { day: 1, from: "09:00", to: "12:00" };
const afternoon = { day: 1, from: "13:00", to: "18:00" };
const saturday = { day: 6, from: "10:00", to: "14:00" };

describe("hours", () => {
  it("names the days as the server counts them", () => {
    expect([0, 1, 6].map((day) => dayName(day, "pt-BR"))).toEqual(["domingo", "segunda-feira", "sábado"]);
  });

  it("knows the periods of a day in order, and where they stand", () => {
    expect(periodsOf([saturday, afternoon, monday], 1)).toEqual([
      { ...monday, at: 2 },
      { ...afternoon, at: 1 },
    ]);
  });

  it("tells what ends on the next day; midnight ends the day", () => {
    expect([overnight({ from: "22:00", to: "06:00" }), overnight({ from: "08:00", to: "00:00" })]).toEqual([
      true,
      false,
    ]);
    expect([overnight(monday), overnight({ from: "", to: "06:00" })]).toEqual([false, false]);
  });

  it("copies Monday to the weekdays and leaves the weekend", () => {
    const week = copyMonday([monday, { day: 3, from: "01:00", to: "02:00" }, saturday]);
    expect(week).toHaveLength(6);
    expect(week.filter(({ day }) => day === 3)).toEqual([{ ...monday, day: 3 }]);
    expect(week).toContainEqual(saturday);
  });

  it("adds the national holidays once", () => {
    const once = withBrazilian([{ date: "2020-12-25", name: "Natal", yearly: true }], 2026);
    expect(once).toHaveLength(9);
    expect(withBrazilian(once, 2027)).toEqual(once);
  });
});
