import { expect, test } from "./support/fixtures.ts";

test("the administrator dresses the chat, sees it in the preview, and visitors see it", async ({
  agent,
  visitor,
}, info) => {
  const admin = await agent("admin");
  const { page } = admin;
  await page.goto(new URL("/admin/sites", page.url()).href);
  await page.getByRole("link", { name: "Loja Trilha" }).click();
  await page.getByRole("link", { name: "Aparência" }).click();
  await page.getByRole("combobox", { name: "Onde fica a chamada" }).click();
  await page.getByRole("option", { name: "Rodapé, à esquerda" }).click();
  await page.getByRole("textbox", { name: "Na chamada" }).fill("Fale com a Trilha");
  await page.getByLabel("Cor", { exact: true }).fill("#7c2d12");
  await expect(page.getByText("Fale com a Trilha")).toBeVisible();
  await page.screenshot({ path: info.outputPath("look.png"), fullPage: true });
  await page.getByRole("button", { name: "Salvar" }).click();
  await expect(page.getByText("Salvo")).toBeVisible();
  const shop = await visitor("/");
  await expect(shop.launcher).toBeVisible();
  await expect(shop.launcher).toHaveAccessibleName(/Fale com a Trilha|offline/);
  await expect(shop.launcher).toHaveCSS("background-color", "rgb(124, 45, 18)");
  expect((await shop.launcher.boundingBox())?.x).toBeLessThan(40);
  await shop.page.screenshot({ path: info.outputPath("shop.png") });

  await page.getByRole("link", { name: "Endereço direto" }).click();
  const address =
    (await page
      .getByText(/\/chat\//)
      .first()
      .textContent()) ?? "";
  await expect(page.getByRole("img", { name: /Código QR/ })).toBeVisible();
  await page.screenshot({ path: info.outputPath("address.png"), fullPage: true });
  await shop.page.goto(address);
  await expect(shop.dialog).toBeVisible();
});

test.describe("dark, on a phone", () => {
  test("the look page fits", async ({ agent }, info) => {
    const admin = await agent("admin", { colorScheme: "dark", viewport: { width: 390, height: 844 } });
    await admin.page.goto(new URL("/admin/sites", admin.page.url()).href);
    await admin.page.getByRole("link", { name: "Loja Trilha" }).click();
    await admin.page.getByRole("link", { name: "Aparência" }).click();
    await expect(admin.page.getByRole("combobox", { name: "Onde fica a chamada" })).toBeVisible();
    await admin.page.screenshot({ path: info.outputPath("phone.png"), fullPage: true });
    const form = await admin.page.getByRole("form").boundingBox();
    expect((form?.x ?? 0) + (form?.width ?? 999)).toBeLessThanOrEqual(390);
  });
});
