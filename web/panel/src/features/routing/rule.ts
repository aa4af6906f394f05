import type { RoutingCondition, RoutingRule, RoutingRuleDraft } from "@aceno/contract";

export type Field = RoutingCondition["field"];
export type Operator = RoutingCondition["operator"];

/** A rule as it is typed; a null priority says nothing of it. */
export type Draft = Required<Omit<RoutingRuleDraft, "priority">> & { priority: number | null };

/** The server's limits. */
export const limits = { name: 80, conditions: 20, values: 50, value: 200, key: 60, skills: 10, skill: 40, priority: 9 };

/** Each step of priority counts as so many minutes of waiting. */
export const minutesOfStep = 5;

interface Aspect {
  group: "where" | "origin" | "visitor";
  shape: "text" | "address" | "choice" | "language" | "truth";
  operators: readonly Operator[];
}

const textual: readonly Operator[] = ["contains", "contains_not", "is", "is_not", "starts_with"];
const choice: readonly Operator[] = ["is", "is_not"];
const truth: Aspect = { group: "visitor", shape: "truth", operators: ["is"] };

/** Every field in the order of the list, with what can be asked of it. The server checks again. */
export const aspects: Record<Field, Aspect> = {
  department: { group: "where", shape: "choice", operators: choice },
  site: { group: "where", shape: "choice", operators: choice },
  page_url: { group: "where", shape: "address", operators: textual },
  entry_url: { group: "where", shape: "address", operators: textual },
  referrer: { group: "origin", shape: "address", operators: textual },
  referrer_kind: { group: "origin", shape: "choice", operators: choice },
  utm_source: { group: "origin", shape: "text", operators: textual },
  utm_medium: { group: "origin", shape: "text", operators: textual },
  utm_campaign: { group: "origin", shape: "text", operators: textual },
  country: { group: "visitor", shape: "choice", operators: choice },
  language: { group: "visitor", shape: "language", operators: choice },
  returning: truth,
  attended: truth,
  identified: truth,
  field: { group: "visitor", shape: "text", operators: [...textual, "at_least", "at_most"] },
};

export const fields = Object.keys(aspects) as Field[];
export const groups = ["where", "origin", "visitor"] as const;

/** Numbers are compared one by one. */
export function isNumeric({ operator }: RoutingCondition): boolean {
  return operator === "at_least" || operator === "at_most";
}

export const blankCondition: RoutingCondition = { field: "department", operator: "is", values: [] };

export const blank: Draft = {
  name: "",
  active: true,
  match: "all",
  conditions: [blankCondition],
  priority: null,
  skills: [],
};

export function draftOf({ name, active, match, conditions, priority, skills }: RoutingRule): Draft {
  return { name, active, match, conditions, priority, skills };
}

/** The rule as the server wants it: a priority that says nothing is left out. */
export function bodyOf({ priority, ...rest }: Draft): RoutingRuleDraft {
  return { ...rest, ...(priority !== null && { priority }) };
}

/** A condition on another field starts anew; texts keep what was typed. */
export function onField(condition: RoutingCondition, field: Field): RoutingCondition {
  const { shape, operators } = aspects[field];
  const keeps = shape === "address" && aspects[condition.field].shape === "address";
  if (keeps) return { ...condition, field };
  return { field, operator: operators[0] ?? "is", values: shape === "truth" ? ["yes"] : [] };
}

/** Another comparison; a number is one value. */
export function onOperator(condition: RoutingCondition, operator: Operator): RoutingCondition {
  const next = { ...condition, operator };
  return isNumeric(next) === isNumeric(condition) ? next : { ...next, values: [] };
}

/** The list with one rule moved by one place. */
export function moved(ids: readonly string[], id: string, by: -1 | 1): string[] {
  const from = ids.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= ids.length) return [...ids];
  const next = [...ids];
  next.splice(from, 1);
  next.splice(to, 0, id);
  return next;
}
