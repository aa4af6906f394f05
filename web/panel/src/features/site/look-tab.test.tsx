import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { renderPanel } from "@/app/testing-panel.tsx";
import { inAdmin } from "@/features/admin/testing.tsx";
import { LookTab } from "./look-tab.tsx";
import { aSite, refusal } from "./testing.ts";

afterEach(() => vi.unstubAllGlobals());

/** A server that answers each PATCH with what it is given; the settings it was sent. */
function server(answer: () => Response) {
  const saved: { settings: ReturnType<typeof aSite>["settings"] }[] = [];
  vi.stubGlobal("fetch", async (_path: string, init?: RequestInit) => {
    saved.push(JSON.parse(`${init?.body}`));
    return answer();
  });
  return saved;
}

const save = () => userEvent.click(screen.getByRole("button", { name: "Salvar" }));

it("shows a refusal at its field, also one about words of a language that is not on the screen", async () => {
  server(() =>
    refusal({
      "settings.theme.launcher_offline": "Endereço inválido.",
      "settings.texts.es.label": "Texto longo demais.",
    }),
  );
  await renderPanel(inAdmin(<LookTab site={aSite()} />));
  await save();
  expect(await screen.findByText("Endereço inválido.")).toBeTruthy();
  expect(await screen.findByText("Texto longo demais.")).toBeTruthy();
  expect(screen.getByRole("radio", { name: "Español" })).toHaveProperty("checked", true);
  expect(screen.queryByText("Há campos inválidos.")).toBeNull();
});

it("sends an image at once, shows it, and saves where it stands; a wrong file never leaves the browser", async () => {
  const saved = server(() => Response.json(aSite()));
  const uploads: string[] = [];
  vi.stubGlobal(
    "XMLHttpRequest",
    class {
      status = 201;
      responseText = JSON.stringify({ url: "/v/images/i1", width: 120, height: 40 });
      upload = {};
      onload = () => {};
      open(_method: string, path: string) {
        uploads.push(path);
      }
      setRequestHeader() {}
      getResponseHeader = () => null;
      send() {
        this.onload();
      }
    },
  );
  await renderPanel(inAdmin(<LookTab site={aSite()} />));
  const online = screen.getByRole("group", { name: "Imagem da chamada, online" });
  const input = online.querySelector("input") as HTMLInputElement;
  await userEvent.upload(input, new File(["<svg/>"], "call.svg", { type: "image/svg+xml" }), { applyAccept: false });
  expect((await within(online).findByRole("alert")).textContent).toContain("PNG, JPEG, GIF ou WebP");
  expect(uploads).toEqual([]);
  await userEvent.upload(input, new File(["x"], "call.png", { type: "image/png" }));
  await waitFor(() => expect(online.querySelector("img")?.getAttribute("src")).toBe("/v/images/i1"));
  expect(uploads).toEqual(["/api/sites/images"]);
  await save();
  await waitFor(() => expect(saved[0]?.settings.theme.launcher_online).toBe("/v/images/i1"));
  await userEvent.click(within(online).getByRole("button", { name: "Tirar imagem" }));
  await save();
  await waitFor(() => expect(saved[1]?.settings.theme.launcher_online).toBe(""));
});
