import type { Trigger, TriggerAction, TriggerDraft } from "@aceno/contract";

/** A rule as it is typed: nothing is missing. */
export type Draft = Required<TriggerDraft>;

export const blank: Draft = {
  name: "",
  description: "",
  active: false,
  priority: 50,
  delay: 0,
  once: "visitor",
  repeats: 0,
  time_zone: "",
  match: "all",
  conditions: [{ field: "page_url", operator: "contains", values: [] }],
  action: { kind: "invite" },
};

export function draftOf(trigger: Trigger): Draft {
  const { name, description, active, priority, delay, once, repeats, time_zone, match, conditions, action } = trigger;
  return { name, description, active, priority, delay, once, repeats, time_zone, match, conditions, action };
}

/** Enough is typed for the server to be asked; what is wrong with it, the server says. */
export function isTypable({ conditions, action }: Draft): boolean {
  return conditions.length > 0 && conditions.every(({ values }) => values.length > 0) && isActionTyped(action);
}

function isActionTyped({ kind, template_id, text, department_id, tag }: TriggerAction): boolean {
  switch (kind) {
    case "invite":
    case "promotion":
      return !!template_id;
    case "message":
      return !!text?.trim();
    case "department":
      return !!department_id;
    case "tag":
      return !!tag?.trim();
    default:
      return true;
  }
}
