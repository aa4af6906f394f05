import type { VisitorDepartment } from "../../protocol";
import type { View } from "../view";
import { say, tags } from "../words/catalogue";

/** Whether a department can be talked to, or what stands in the way: the visitor's identity, its hours, or that nobody is there. */
export function stateOf({ online, opens_at, identity_required }: VisitorDepartment, { words, language }: View): string {
  if (online) return words.online;
  if (identity_required) return words.identity_required;
  if (!opens_at) return words.offline;
  const when = new Intl.DateTimeFormat(tags[language], {
    // Within six days the weekday is enough; it repeats after that.
    ...(opens_at - Date.now() < 6 * 86_400_000 ? { weekday: "long" } : { day: "numeric", month: "long" }),
    hour: "numeric",
    minute: "2-digit",
  }).format(opens_at);
  return say(words, "opens", { when });
}
