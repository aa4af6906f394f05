import type { TriggerCondition } from "@aceno/contract";

export type Field = TriggerCondition["field"];
export type Operator = TriggerCondition["operator"];

/** What a condition's value is typed as. */
export type Shape = "text" | "choice" | "number" | "truth" | "day" | "hours";

interface Aspect {
  group: "page" | "origin" | "visit" | "visitor" | "moment" | "behaviour";
  shape: Shape;
  operators: readonly Operator[];
  /** Bounds of numbers, as the server has them. */
  min?: number;
  max?: number;
}

const textual: readonly Operator[] = [
  "contains",
  "contains_not",
  "is",
  "is_not",
  "starts_with",
  "ends_with",
  "matches",
  "matches_not",
];
const choice: readonly Operator[] = ["is", "is_not"];
const counted: readonly Operator[] = ["at_least", "at_most", "is"];
const text = (group: Aspect["group"]): Aspect => ({ group, shape: "text", operators: textual });
const truth = (group: Aspect["group"]): Aspect => ({ group, shape: "truth", operators: ["is"] });

/** Every field in the order of the list, with what can be asked of it. The server checks again. */
export const aspects: Record<Field, Aspect> = {
  page_url: text("page"),
  page_title: text("page"),
  previous_url: text("page"),
  entry_url: text("page"),
  site: { group: "page", shape: "choice", operators: choice },
  referrer: text("origin"),
  referrer_kind: { group: "origin", shape: "choice", operators: choice },
  utm_source: text("origin"),
  utm_medium: text("origin"),
  utm_campaign: text("origin"),
  seconds_on_site: { group: "visit", shape: "number", operators: ["at_least", "at_most"], min: 1, max: 86_400 },
  pages: { group: "visit", shape: "number", operators: counted, min: 1, max: 10_000 },
  visits: { group: "visit", shape: "number", operators: counted, min: 1, max: 10_000 },
  invited: truth("visit"),
  attended: truth("visit"),
  country: { group: "visitor", shape: "choice", operators: choice },
  region: text("visitor"),
  city: text("visitor"),
  language: text("visitor"),
  device: { group: "visitor", shape: "choice", operators: choice },
  custom: text("visitor"),
  day: { group: "moment", shape: "day", operators: choice },
  hour: { group: "moment", shape: "hours", operators: ["between", "not_between"] },
  agents_online: truth("moment"),
  seconds_on_page: { group: "behaviour", shape: "number", operators: ["at_least"], min: 1, max: 3600 },
  scroll: { group: "behaviour", shape: "number", operators: ["at_least"], min: 1, max: 100 },
  leaving: truth("behaviour"),
  icon_click: truth("behaviour"),
};

export const fields = Object.keys(aspects) as Field[];

/** Facts of the page that can only be waited for: there is nothing to choose. */
export function isBare(field: Field): boolean {
  return aspects[field].group === "behaviour" && aspects[field].shape === "truth";
}

export const referrerKinds = ["direct", "search", "social", "campaign", "site"] as const;
export const devices = ["desktop", "phone", "tablet"] as const;
export const days = ["1", "2", "3", "4", "5", "6", "7"] as const;

/** A condition on another field: what was typed stays where it makes sense. */
export function onField(condition: TriggerCondition, field: Field): TriggerCondition {
  const before = aspects[condition.field];
  const { shape, operators } = aspects[field];
  const keeps = before.shape === shape && shape === "text";
  const operator = operators.includes(condition.operator) && keeps ? condition.operator : (operators[0] ?? "is");
  return { field, operator, values: keeps ? condition.values : startOf(field) };
}

function startOf(field: Field): string[] {
  switch (aspects[field].shape) {
    case "truth":
      return ["yes"];
    case "hours":
      return ["08:00", "18:00"];
    default:
      return [];
  }
}
