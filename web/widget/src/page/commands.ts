import type { ClientFrame } from "../protocol";
import type { StartTopic } from "./topic";

const colour = /^#[\da-f]{6}$/i;
const choices = { size: ["compact", "normal", "large"], scheme: ["light", "dark", "auto"] } as const;

/** The commands that nobody needs while the page loads. */
export const commands: StartTopic = (bridge) => {
  /** Tells the server, and the chat if it is there, who the visitor is. */
  function learn(part: "name" | "email", value: unknown): void {
    if (typeof value !== "string" || !value) return;
    bridge.context[part] = value;
    bridge.send({ t: "identify", [part]: value });
  }

  let proof: ClientFrame | undefined;
  // The site's own server has signed who this is: told again on each connection, which may belong to a new visit.
  bridge.listen(({ t }) => {
    if (t === "welcome" && proof) bridge.send(proof);
  });

  return {
    commands: {
      /** What `identify` was given, when there is a signature in it. */
      prove(who) {
        const { email, user_id, signature } = who as Record<string, unknown>;
        proof = {
          t: "identify",
          ...(email ? { email: `${email}` } : {}),
          user_id: `${user_id ?? ""}`,
          signature: `${signature}`,
        };
        bridge.send(proof);
      },
      department(id) {
        bridge.context.department = `${id ?? ""}`;
      },
      name: (value) => learn("name", value),
      email: (value) => learn("email", value),
      /** A name of a colour scheme, a colour, or both and more in an object. */
      theme(given) {
        const asked =
          typeof given === "string"
            ? colour.test(given)
              ? { brand: given }
              : { scheme: given }
            : { ...(given as object) };
        const theme = { ...bridge.look().theme };
        const { brand, corner, size, scheme } = asked as Record<string, unknown>;
        if (colour.test(`${brand}`)) {
          theme.brand = `${brand}`.toLowerCase();
          theme.ink = inkOn(theme.brand);
        }
        if (typeof corner === "number" && corner >= 0 && corner <= 24) theme.corner = corner;
        for (const [name, value] of [
          ["size", size],
          ["scheme", scheme],
        ] as const)
          if ((choices[name] as readonly unknown[]).includes(value)) Object.assign(theme, { [name]: value });
        bridge.chosen.theme = theme;
        bridge.changed();
      },
      /** Something that happened: the newest of each name stays with the visitor as a field. */
      track(name, value) {
        if (name === undefined || name === "view") bridge.page();
        else if (typeof name === "string") {
          const fields = { [name]: /^(s|n|b)/.test(typeof value) ? (value as string) : true };
          Object.assign(bridge.context.fields, fields);
          bridge.send({ t: "identify", fields });
        }
      },
      /** The original product's: views are tracked anyway. */
      action() {},
    },
  };
};

/** White or nearly black, whichever reads better on the colour (WCAG 2.2, relative luminance). */
export function inkOn(brand: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(brand.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#111111" : "#ffffff";
}
