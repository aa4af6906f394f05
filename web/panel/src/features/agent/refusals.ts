import { Problem } from "@aceno/contract";

/** What the server refused, by the field it names: `languages` for languages[2]. Empty when it names none. */
export function atFields(error: unknown): Record<string, string> {
  if (!(error instanceof Problem)) return {};
  return Object.fromEntries(error.fields.map(({ field, detail }) => [field.replace(/[.[].*/, ""), detail]));
}
