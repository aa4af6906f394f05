import type { RoutingCondition } from "@aceno/contract";
import type { TFunction } from "i18next";
import { countryName } from "@/shared/format.ts";
import { aspects, type Draft, type Field, minutesOfStep } from "./rule.ts";

/** What the sentence needs to know of the account. */
export interface Names {
  t: TFunction<"routing">;
  /** As `Intl` takes it. */
  locale: string;
  site(id: string): string;
  department(id: string): string;
}

type Spoken = Pick<Draft, "conditions" | "match" | "priority" | "skills">;

/** The rule in plain words; null while it is not complete. */
export function ruleSentence({ conditions, match, priority, skills }: Spoken, names: Names): string | null {
  const { t } = names;
  const effects = effectWords(priority, skills, names);
  if (effects === "" || conditions.length === 0 || !conditions.every(isComplete)) return null;
  const parts = conditions.map((condition) => conditionWords(condition, names));
  return t("say.rule", { conditions: parts.join(match === "all" ? t("say.and") : t("say.or")), effects });
}

function isComplete({ field, key, values }: RoutingCondition): boolean {
  return values.length > 0 && values.every((value) => value.trim() !== "") && (field !== "field" || !!key?.trim());
}

function effectWords(priority: number | null, skills: readonly string[], { t, locale }: Names): string {
  const parts: string[] = [];
  if (priority === 0) parts.push(t("say.priority_0"));
  else if (priority !== null) parts.push(t("say.priority", { value: priority, minutes: priority * minutesOfStep }));
  if (skills.length > 0) parts.push(t("say.skills", { skills: new Intl.ListFormat(locale).format(skills) }));
  return parts.join(t("say.and"));
}

function conditionWords({ field, operator, key, values }: RoutingCondition, names: Names): string {
  const { t } = names;
  switch (field) {
    case "returning":
    case "attended":
    case "identified":
      return t(`say.${field}_${values[0] === "yes" ? "yes" : "no"}`);
    default: {
      const plain = aspects[field].shape === "choice" || operator === "at_least" || operator === "at_most";
      const list = values.map((value) => (plain ? valueName(field, value, names) : `“${value}”`));
      const words = { operator: t(`operators.${operator}`), values: list.join(t("say.or")) };
      if (field === "field") return t("say.field", { ...words, key: `“${key ?? ""}”` });
      return t("say.generic", { ...words, field: t(`say.text.${field}`) });
    }
  }
}

/** A value as people read it: the name of a country, a site, a department. */
export function valueName(field: Field, value: string, { t, locale, site, department }: Names): string {
  switch (field) {
    case "country":
      return countryName(value, locale);
    case "site":
      return site(value);
    case "department":
      return department(value);
    case "referrer_kind":
      return t(`referrer_kinds.${value as "direct"}`, { defaultValue: value });
    default:
      return value;
  }
}
