import type { Language } from "@aceno/contract";

/** What a text may hold in braces, in the order they are offered. */
export const fields = ["visitor", "first_name", "agent", "department", "number", "greeting"] as const;

export type FieldName = (typeof fields)[number];

const greetings: Record<Language, readonly [morning: string, afternoon: string, evening: string]> = {
  pt: ["Bom dia", "Boa tarde", "Boa noite"],
  en: ["Good morning", "Good afternoon", "Good evening"],
  es: ["Buenos días", "Buenas tardes", "Buenas noches"],
};

/** The greeting of an hour, 0 to 23: morning from 5, afternoon from 12, evening from 18. */
export function greeting(hour: number, language: Language): string {
  const [morning, afternoon, evening] = greetings[language];
  if (hour >= 5 && hour < 12) return morning;
  return hour >= 12 && hour < 18 ? afternoon : evening;
}

/** The hour in a time zone; this machine's where it does not know the zone. */
export function hourIn(at: number, timeZone: string): number {
  try {
    return Number(new Intl.DateTimeFormat("en", { hour: "numeric", hourCycle: "h23", timeZone }).format(at));
  } catch {
    return new Date(at).getHours();
  }
}

/** Puts values in the place of `{field}`. What is not a field stays as it is written, once filled nothing is filled again. */
export function fill(text: string, values: Record<FieldName, string>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? values[name as FieldName] : whole,
  );
}
