// @vitest-environment jsdom
import i18next from "i18next";
import { beforeAll, expect, it } from "vitest";
import { changeLanguage, startTranslation } from "./index.ts";

beforeAll(async () => {
  await startTranslation("pt");
});

it("fetches the words of a part with the part, in the language of the moment", async () => {
  expect(i18next.hasResourceBundle("pt", "admin")).toBe(false);
  await import("./admin/index.ts");
  expect(i18next.t("admin:area.back")).toBe("Voltar ao painel");
  expect(i18next.hasResourceBundle("en", "admin")).toBe(false);
});

it("fetches them again when the language changes, once", async () => {
  await changeLanguage("en");
  expect(i18next.t("admin:area.back")).toBe("Back to the panel");
  expect(i18next.t("common.cancel")).toBe("Cancel");
  await changeLanguage("pt");
  expect(i18next.t("admin:area.back")).toBe("Voltar ao painel");
});
