import type { NewOutreachTemplate, OutreachImage, OutreachTemplate } from "@aceno/contract";

export type TemplateKind = OutreachTemplate["kind"];

/** The server's limits. */
export const limits = { name: 60, title: 80, text: 500, button: 40, alt: 200, link: 2048, seconds: 600 };

/** What the form holds: the template, and its picture by the identifier that is sent. */
export type TemplateValues = Omit<OutreachTemplate, "id" | "updated_at" | "image" | "department_id"> & {
  image_id: string;
  picture: OutreachImage | null;
  /** Empty: the visitor chooses. */
  department_id: string;
};

const noWords = { title: "", text: "", button: "" };

/** What a form begins with: a template that exists, or one like it with another name, or the server's defaults. */
export function startValues(kind: TemplateKind, from: OutreachTemplate | null, copy: boolean): TemplateValues {
  if (from === null) {
    return {
      kind,
      name: "",
      style: "card",
      image_id: "",
      picture: null,
      image_alt: "",
      texts: { pt: { ...noWords }, en: { ...noWords }, es: { ...noWords } },
      link: "",
      position: "bottom_right",
      animation: "slide",
      seconds: 0,
      department_id: "",
      usable_by: { everybody: true, roles: [], department_ids: [] },
      active: true,
    };
  }
  const { id: _, updated_at: __, image, department_id, ...rest } = from;
  return {
    ...structuredClone(rest),
    name: copy ? "" : from.name,
    image_id: image?.id ?? "",
    picture: image,
    department_id: department_id ?? "",
  };
}

/** The body of the request; an invite has no link, a promotion no department. */
export function toBody({ picture: _, ...values }: TemplateValues): NewOutreachTemplate {
  return {
    ...values,
    link: values.kind === "promotion" ? values.link.trim() : "",
    department_id: values.kind === "invite" ? values.department_id : "",
  };
}

/** Which languages a template has words in. */
export function spokenIn(texts: OutreachTemplate["texts"]): ("pt" | "en" | "es")[] {
  return (["pt", "en", "es"] as const).filter((language) => Object.values(texts[language]).some((text) => text !== ""));
}

/** The words a visitor of the language reads: its own, else the first there are. */
export function wordsIn(texts: OutreachTemplate["texts"], language: "pt" | "en" | "es") {
  const spoken = spokenIn(texts);
  return texts[spoken.includes(language) ? language : (spoken[0] ?? language)];
}

/** Black or white, whichever is easier to read on the colour (WCAG relative luminance), as the page decides it. */
export function readableOn(colour: string): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = parts.map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000" : "#fff";
}
