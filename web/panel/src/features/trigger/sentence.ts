import type { TriggerCondition, TriggerDraft } from "@aceno/contract";
import type { TFunction } from "i18next";
import { countryName } from "@/shared/format.ts";
import { aspects, type Field } from "./fields.ts";

type Translate = TFunction<"trigger">;

/** What the sentence needs to know of the account. */
export interface Names {
  t: Translate;
  /** As `Intl` takes it. */
  locale: string;
  site(id: string): string;
  department(id: string): string;
  template(id: string): string;
}

/** The rule in plain words; null while it is not complete. */
export function sentence(draft: TriggerDraft, names: Names): string | null {
  const { t } = names;
  const action = actionWords(draft, names);
  const { conditions } = draft;
  if (action === null || conditions.length === 0 || !conditions.every(isComplete)) return null;
  const parts = conditions.map((condition) => conditionWords(condition, names));
  return t("say.rule", {
    conditions: parts.join(draft.match === "all" ? t("say.and") : t("say.or")),
    action,
    delay: draft.delay ? t("say.delay", { value: span(draft.delay, names.locale) }) : "",
    once: onceWords(draft, t),
  });
}

function isComplete({ field, key, values }: TriggerCondition): boolean {
  return values.length > 0 && values.every((value) => value.trim() !== "") && (field !== "custom" || !!key);
}

function onceWords({ once, repeats }: TriggerDraft, t: Translate): string {
  if (once !== "every_time") return t(`say.once_${once}`);
  return repeats ? t("say.once_every_time_most", { count: repeats }) : t("say.once_every_time");
}

function actionWords({ action }: TriggerDraft, { t, department, template }: Names): string | null {
  const said = {
    invite: () => action.template_id && template(action.template_id),
    promotion: () => action.template_id && template(action.template_id),
    open: () => " ",
    message: () => action.text?.trim(),
    department: () => action.department_id && department(action.department_id),
    tag: () => action.tag?.trim(),
    lead: () => " ",
  }[action.kind]();
  return said ? t(`say.action_${action.kind}`, { name: said }) : null;
}

/** One condition in plain words. */
export function conditionWords(condition: TriggerCondition, names: Names): string {
  const { t, locale } = names;
  const { field, operator, values } = condition;
  const [first = "", second = ""] = values;
  const value = /seconds/.test(field) ? span(Number(first), locale) : first;
  switch (field) {
    case "seconds_on_page":
    case "scroll":
      return t(`say.${field}`, { value });
    case "leaving":
    case "icon_click":
      return t(`say.${field}`);
    case "seconds_on_site":
      return operator === "at_most"
        ? t("say.seconds_on_site_at_most", { value })
        : t("say.seconds_on_site_at_least", { value });
    case "pages":
    case "visits":
      return t(`say.${field}_${operator as "is" | "at_least" | "at_most"}`, { value });
    case "hour":
      return t(`say.hour_${operator as "between" | "not_between"}`, { from: first, to: second });
    case "agents_online":
    case "invited":
    case "attended":
      return t(`say.${field}_${first === "yes" ? "yes" : "no"}`);
    default:
      return textWords(field, condition, names);
  }
}

type TextField = Exclude<
  Field,
  | "seconds_on_page"
  | "seconds_on_site"
  | "scroll"
  | "leaving"
  | "icon_click"
  | "pages"
  | "visits"
  | "hour"
  | "agents_online"
  | "invited"
  | "attended"
>;

function textWords(field: TextField, { operator, key, values }: TriggerCondition, names: Names): string {
  const { t } = names;
  const quoted = aspects[field].shape === "text";
  const list = values.map((value) => (quoted ? `“${value}”` : valueName(field, value, names)));
  const words = { operator: t(`operators.${operator}`), values: list.join(t("say.or")) };
  if (field === "custom") return t("say.custom", { ...words, key: `“${key ?? ""}”` });
  return t("say.generic", { ...words, field: t(`say.text.${field}`) });
}

/** A value as people read it: the name of a country, a site, a day. */
export function valueName(field: Field, value: string, { t, locale, site }: Names): string {
  switch (field) {
    case "country":
      return countryName(value, locale);
    case "site":
      return site(value);
    case "referrer_kind":
      return t(`referrer_kinds.${value as "direct"}`, { defaultValue: value });
    case "device":
      return t(`devices.${value as "phone"}`, { defaultValue: value });
    case "day":
      return dayName(value, locale);
    default:
      return value;
  }
}

/** The first of January 2024 was a Monday, which is day 1. */
export function dayName(day: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" }).format(Date.UTC(2024, 0, Number(day)));
}

/** Seconds as people say them: 45 s, 2 min, 1 h 30 min. */
function span(seconds: number, locale: string): string {
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "short" }).format(value);
  const parts = [
    [Math.floor(seconds / 3600), "hour"],
    [Math.floor((seconds % 3600) / 60), "minute"],
    [seconds % 60, "second"],
  ] as const;
  return parts
    .filter(([value]) => value > 0)
    .map(([value, name]) => unit(value, name))
    .join(" ");
}
