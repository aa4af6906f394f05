/** What the confirmed id is called in the API. No field may be called so: one that is was told before the two were kept apart. */
export const proven = "verified_id";

/** The fields that a visitor or a page told, by name. */
export function ownFields(fields: Readonly<Record<string, unknown>>): [name: string, value: unknown][] {
  return Object.entries(fields).filter(([name]) => name !== proven);
}
