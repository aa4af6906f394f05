import { carried } from "./carried";

/** What of the address stays in it: nothing that is about the visitor. */
const stays = ["popup", "language", "department"];

export interface Direct {
  commands: unknown[][];
  /** The visitor's, from the page that opened this one. */
  token: string;
  /** What else that page handed over, by its name in the tab's storage. */
  kept: [name: string, value: string][];
  /** The address without what is about the visitor. */
  clean: string;
}

/**
 * Reads a direct chat address (T162): `department`, `name`, `email`, `page`, `language`, `vars` (as `a=1&b=2` or JSON), the original's
 * `depto`. A window that a page has opened is that page's visitor and no page view of its own.
 */
export function readAddress(href: string, opened: boolean): Direct {
  const url = new URL(href);
  const { searchParams: query } = url;
  const commands: unknown[][] = [];
  const add = (name: string, value: unknown) => {
    if (value) commands.push([name, value]);
  };
  add("language", query.get("language"));
  add("department", query.get("department") ?? query.get("depto"));
  const who = { name: query.get("name"), email: query.get("email") };
  if (who.name || who.email) add("identify", who);
  const page = query.get("page");
  const fields = { ...variables(query.get("vars") ?? ""), ...(page && { page: page.slice(0, 200) }) };
  if (Object.keys(fields).length) add("set", fields);
  const secret = new URLSearchParams(url.hash.slice(1));
  const token = secret.get("token") ?? "";
  const kept = carried
    .map((name): [string, string] => [name, (opened && secret.get(name)) || ""])
    .filter(([, value]) => value);
  if (opened && token) commands.push(["monitoring", false]);
  url.hash = "";
  for (const name of [...query.keys()]) if (!stays.includes(name)) query.delete(name);
  return { commands, token, kept, clean: url.href };
}

function variables(text: string): Record<string, unknown> {
  if (text.startsWith("{")) {
    try {
      return JSON.parse(text) as Record<string, unknown>;
    } catch {
      return {};
    }
  }
  return Object.fromEntries(new URLSearchParams(text));
}
