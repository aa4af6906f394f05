import type { Context } from "../bridge";
import type { ClientFrame } from "../protocol";

export interface Identity {
  readonly context: Context;
  /** Takes over what has the right type, and tells it. */
  learn(who: { name?: unknown; email?: unknown }, values: Record<string, unknown>): void;
  /** Tells the server what the site said. Apart from the hello: a wrong value must cost the value, not the connection. */
  tell(): void;
}

/** Who the visitor is, as far as the site says. */
export function createIdentity(send: (frame: ClientFrame) => void): Identity {
  const context: Context = { name: "", email: "", fields: {}, department: "" };

  function tell(): void {
    const { name, email, fields } = context;
    if (name || email || Object.keys(fields).length) {
      send({ t: "identify", name: name || undefined, email: email || undefined, fields });
    }
  }

  return {
    context,
    tell,
    learn({ name, email }, values) {
      if (name && typeof name === "string") context.name = name;
      if (email && typeof email === "string") context.email = email;
      for (const field of Object.keys(values)) {
        const value = values[field];
        if (/^(s|n|b)/.test(typeof value)) context.fields[field] = value as string;
      }
      tell();
    },
  };
}
