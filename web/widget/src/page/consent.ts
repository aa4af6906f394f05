import type { Bridge, Language } from "../bridge";
import { guard } from "../loader/safe";
import css from "./consent.css?inline";
import type { StartTopic } from "./topic";

interface Words {
  label: string;
  text: string;
  yes: string;
  no: string;
  policy: string;
}

const words: Record<Language, Words> = {
  pt: {
    label: "Privacidade",
    text: "Podemos reconhecer você e ver as páginas que visita aqui, para atender melhor? O chat funciona do mesmo jeito sem isso.",
    yes: "Aceitar",
    no: "Recusar",
    policy: "Política de privacidade",
  },
  en: {
    label: "Privacy",
    text: "May we recognise you and see the pages you visit here, to serve you better? The chat works just the same without it.",
    yes: "Accept",
    no: "Refuse",
    policy: "Privacy policy",
  },
  es: {
    label: "Privacidad",
    text: "¿Podemos reconocerle y ver las páginas que visita aquí, para atenderle mejor? El chat funciona igual sin ello.",
    yes: "Aceptar",
    no: "Rechazar",
    policy: "Política de privacidad",
  },
};

/** A refusal is remembered in the tab, as a word without an identifier, so that the question is not put on each page. */
const refused = "refused";

/**
 * Consent (B11): the question to the visitor where the site wants it put, and the command `aceno("consent", true | false)`. Agreeing makes
 * the present visit a known one; refusing, or taking it back, takes away everything we had on the device.
 */
export const consent: StartTopic = (bridge) => {
  const area = (name: "localStorage" | "sessionStorage") => guard(() => window[name]);
  const prefix = `aceno.${bridge.key}.`;
  let close: (() => void) | undefined;

  function answer(given: boolean): void {
    const { context } = bridge;
    close?.();
    close = undefined;
    if (context.consent === given) return;
    context.consent = given;
    const kept = bridge.local.get("token") !== null;
    if (given) guard(() => area("sessionStorage")?.removeItem(prefix + refused));
    else {
      clear();
      guard(() => area("sessionStorage")?.setItem(prefix + refused, "1"));
    }
    if (given !== kept) bridge.reconnect();
  }

  function clear(): void {
    bridge.local.keep(false);
    bridge.session.keep(false);
    for (const name of ["localStorage", "sessionStorage"] as const)
      guard(() => {
        const store = area(name);
        for (const key of Object.keys(store ?? {})) if (key.startsWith(prefix)) store?.removeItem(key);
      });
  }

  return {
    frames: {
      consent({ policy_url }) {
        if (bridge.context.consent !== undefined) return;
        if (guard(() => area("sessionStorage")?.getItem(prefix + refused))) bridge.context.consent = false;
        else close ??= ask(bridge, policy_url, answer);
      },
    },
    commands: {
      consent(given) {
        if (typeof given === "boolean") answer(given);
      },
    },
  };
};

/** Shows the notice; returns what takes it away. It lies beside the page and takes no focus: nobody has to answer. */
function ask(bridge: Bridge, policy: string, answer: (given: boolean) => void): () => void {
  const language = bridge.language();
  const say = words[language];
  const { theme, call_mode } = bridge.look();
  const root = bridge.host(css);
  const box = document.createElement("section");
  box.lang = language;
  box.setAttribute("aria-label", say.label);
  box.className = `${theme.scheme ?? "auto"} ${call_mode === 11 ? "right" : "left"}`;
  const text = document.createElement("p");
  text.textContent = `${say.text} `;
  if (/^https?:/.test(policy)) {
    const link = document.createElement("a");
    link.href = policy;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.textContent = say.policy;
    text.append(link);
  }
  const buttons = document.createElement("div");
  for (const given of [false, true]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = given ? say.yes : say.no;
    button.onclick = () => guard(() => answer(given));
    buttons.append(button);
  }
  box.append(text, buttons);
  root.append(box);
  return () => (root.host as HTMLElement).remove();
}
