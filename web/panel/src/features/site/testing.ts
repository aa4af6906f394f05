import type { Site } from "@aceno/contract";

/** A site for tests, as a new one is. */
export function aSite(settings: Partial<Site["settings"]> = {}): Site {
  const words = { label: "", title: "", greeting: "", away: "" };
  return {
    id: "s1",
    name: "Loja",
    key: "k_test",
    allowed_domains: ["loja.example"],
    language: "pt",
    active: true,
    legacy_key: "",
    install_code: "",
    settings: {
      chat_mode: "widget",
      call_mode: 10,
      hide_when_offline: false,
      privacy: { presence: "full", notice: true, honour_dnt: false, honour_gpc: true, policy_url: "" },
      theme: {
        brand: "#0f766e",
        corner: 16,
        size: "normal",
        scheme: "auto",
        launcher_online: "",
        launcher_offline: "",
      },
      texts: { pt: words, en: words, es: words },
      ...settings,
    },
  };
}

/** A refusal of these fields, as the server sends it. */
export function refusal(fields: Record<string, string>): Response {
  return Response.json(
    {
      type: "about:blank",
      title: "",
      status: 422,
      code: "validation",
      detail: "Há campos inválidos.",
      fields: Object.entries(fields).map(([field, detail]) => ({ field, code: "invalid", detail })),
    },
    { status: 422, headers: { "Content-Type": "application/problem+json" } },
  );
}
