import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { renderPanel } from "@/app/testing-panel.tsx";
import { inAdmin } from "@/features/admin/testing.tsx";
import { PrivacyTab } from "./privacy-tab.tsx";
import { aSite, refusal } from "./testing.ts";

afterEach(() => vi.unstubAllGlobals());

it("saves what is chosen and leaves the look as it is; a refusal stands at its field", async () => {
  const saved: { settings: ReturnType<typeof aSite>["settings"] }[] = [];
  let answer = () => refusal({ "settings.privacy.policy_url": "Endereço inválido." });
  vi.stubGlobal("fetch", async (_path: string, init?: RequestInit) => {
    saved.push(JSON.parse(`${init?.body}`));
    return answer();
  });
  const site = aSite({ hide_when_offline: true });
  await renderPanel(inAdmin(<PrivacyTab site={site} />));
  await userEvent.click(screen.getByRole("radio", { name: /Só o mínimo/ }));
  await userEvent.type(screen.getByRole("textbox"), "loja.example/privacidade");
  const submit = screen.getByRole("button", { name: "Salvar" });
  await userEvent.click(submit);
  expect(await screen.findByText("Endereço inválido.")).toBeTruthy();
  expect(screen.getByRole("textbox").getAttribute("aria-invalid")).toBe("true");
  answer = () => Response.json(site);
  await userEvent.clear(screen.getByRole("textbox"));
  await userEvent.click(submit);
  await waitFor(() => expect(saved).toHaveLength(2));
  expect(saved[1]?.settings).toEqual({
    ...site.settings,
    privacy: { ...site.settings.privacy, presence: "consent", policy_url: "" },
  });
});
