import type { DepartmentSettings } from "@aceno/contract";

export type Hours = DepartmentSettings["hours"];
export type Period = Hours["weekly"][number];
export type Holiday = Hours["holidays"][number];

/** The days of a week from Monday, as the server counts them: 0 is Sunday. */
export const weekFromMonday = [1, 2, 3, 4, 5, 6, 0] as const;

/** What a new period is. */
export const usualDay = { from: "09:00", to: "18:00" };

/** The name of a day in a language. */
export function dayName(day: number, locale: string): string {
  // 2023-01-01 was a Sunday.
  return new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" }).format(Date.UTC(2023, 0, 1 + day));
}

/** A day's periods with their places in the whole list, in their order. */
export function periodsOf(weekly: readonly Period[], day: number): (Period & { at: number })[] {
  return weekly
    .map((period, at) => ({ ...period, at }))
    .filter((period) => period.day === day)
    .sort((a, b) => a.from.localeCompare(b.from));
}

/** A period that ends on the next day. */
export function overnight({ from, to }: Pick<Period, "from" | "to">): boolean {
  return to !== "" && from !== "" && to <= from && to !== "00:00";
}

/** Monday's periods on all five weekdays. */
export function copyMonday(weekly: readonly Period[]): Period[] {
  const monday = weekly.filter(({ day }) => day === 1);
  return [
    ...weekly.filter(({ day }) => day === 0 || day === 6),
    ...[1, 2, 3, 4, 5].flatMap((day) => monday.map((period) => ({ ...period, day }))),
  ];
}

/** Brazil's national holidays that keep their date (laws 662/1949, 6,802/1980, 14,759/2023), by month and day. */
const brazilian: readonly (readonly [string, string])[] = [
  ["01-01", "Confraternização Universal"],
  ["04-21", "Tiradentes"],
  ["05-01", "Dia do Trabalho"],
  ["09-07", "Independência do Brasil"],
  ["10-12", "Nossa Senhora Aparecida"],
  ["11-02", "Finados"],
  ["11-15", "Proclamação da República"],
  ["11-20", "Consciência Negra"],
  ["12-25", "Natal"],
];

/** The list with Brazil's holidays that it does not have yet, for every year from the given one on. */
export function withBrazilian(holidays: readonly Holiday[], year: number): Holiday[] {
  const there = new Set(holidays.filter(({ yearly }) => yearly).map(({ date }) => date.slice(5)));
  return [
    ...holidays,
    ...brazilian
      .filter(([date]) => !there.has(date))
      .map(([date, name]) => ({ date: `${year}-${date}`, name, yearly: true })),
  ];
}
