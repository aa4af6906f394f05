import { createHmac } from "node:crypto";
import { expect, test } from "./support/fixtures.ts";
import { words } from "./support/words.ts";

const { admin, department, widget } = words.pt;
const maria = { name: "Maria Souza", email: "maria@example.com" };

test("hours, holidays and signed identities decide who may start a conversation, while everybody looks on", async ({
  agent,
  server,
  visitor,
}) => {
  const boss = await agent("admin");
  const { page } = boss;
  const save = async () => {
    const stored = page.waitForResponse((response) => response.request().method() === "PATCH" && response.ok());
    await page.getByRole("button", { name: admin.form.save }).click();
    await stored;
  };
  const tab = (name: string) => page.getByRole("link", { name, exact: true }).click();

  const shop = await visitor("/");
  await shop.open();
  await expect(shop.dialog.getByRole("radio", { name: /^Vendas/ })).toBeEnabled();

  // A holiday today closes the department; who had the form open is refused, and told when it opens.
  await page.goto(`${server.origin}/admin/departments`);
  await page.getByRole("link", { name: "Vendas" }).click();
  await tab(department.tabs.hours);
  await page.getByText(department.hours.weekly, { exact: true }).click();
  await page.getByRole("button", { name: /sábado$/ }).click();
  await page.getByRole("button", { name: /domingo$/ }).click();
  for (const time of await page.getByLabel(/, período 1: /).all()) await time.fill("00:00");
  await page.getByRole("button", { name: department.hours.holiday_add }).click();
  const today = await page.evaluate(() => new Intl.DateTimeFormat("sv", { timeZone: "America/Sao_Paulo" }).format());
  await page.getByRole("button", { name: admin.form.save }).click();
  await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  await page.getByLabel(department.hours.holiday_date).fill(today);
  await save();
  await expect(page.getByText(department.hours.closed)).toBeVisible();

  await shop.introduce({ ...maria, department: "Vendas" });
  await expect(shop.dialog.getByText(widget.unattended_department)).toBeHidden();
  await expect(shop.dialog.getByRole("alert")).toContainText("fora do horário");
  await expect(shop.dialog.getByRole("radio", { name: /^Vendas.*Abre .+00:00/ })).toBeDisabled();
  await shop.dialog.getByRole("button", { name: widget.leave_message }).click();
  await expect(shop.dialog.getByRole("combobox", { name: widget.department })).toContainText("Vendas");

  // A department for known customers says so to those the site has not signed.
  await page.goto(`${server.origin}/admin/departments`);
  await page.getByRole("link", { name: "Suporte" }).click();
  await page.getByRole("switch", { name: department.authenticated_only }).click();
  await save();
  await tab(department.tabs.service);
  await page.getByLabel(`${department.service.first_response}: ${department.service.warn}`).fill("90");
  await page.getByLabel(`${department.service.first_response}: ${department.service.breach}`).fill("60");
  await page.getByRole("button", { name: admin.form.save }).click();
  await expect(page.getByLabel(`${department.service.first_response}: ${department.service.breach}`)).toHaveAttribute(
    "aria-invalid",
    "true",
  );
  await page.getByLabel(`${department.service.first_response}: ${department.service.breach}`).fill("120");
  await save();

  const other = await visitor("/");
  await other.open();
  await expect(other.dialog.getByText(widget.identity_required)).toBeVisible();
  await expect(other.dialog.getByRole("radio", { name: /^Suporte/ })).toBeDisabled();

  // One whom the site's own server has signed may, and the agent reads who it is.
  const { sites } = await (await page.request.get(`${server.origin}/api/sites`)).json();
  const { secret } = await (await page.request.get(`${server.origin}/api/sites/${sites[0].id}/identity-secret`)).json();
  const customer = { name: "Rita Alves", email: "rita@example.com", user_id: "cliente-77" };
  const signature = createHmac("sha256", secret).update(`${customer.user_id}\n${customer.email}`).digest("hex");
  const prove = async (signed: string) => {
    await other.dialog.getByRole("button", { name: widget.minimise }).click();
    await other.page.evaluate(
      (who) => (window as unknown as { aceno(command: string, value: unknown): void }).aceno("identify", who),
      { ...customer, signature: signed },
    );
    await other.open();
    await expect(other.dialog.getByRole("textbox", { name: widget.email })).toBeHidden(); // the site has told it
  };
  await prove(signature.replace(/^../, "00"));
  await expect(other.dialog.getByRole("radio", { name: /^Suporte/ })).toBeDisabled();
  await prove(signature);
  await other.dialog.getByRole("radio", { name: /^Suporte/ }).check();
  await other.dialog.getByRole("textbox", { name: "Número do pedido" }).fill("TR-77");
  await other.dialog.getByRole("button", { name: widget.start }).click();
  await other.expectPosition(1);

  // Without the holiday it is open at once, for the panel and for visitors.
  await page.goto(`${server.origin}/admin/departments`);
  await expect(page.getByRole("row", { name: /Vendas/ })).toContainText(department.hours.closed);
  await page.getByRole("link", { name: "Vendas" }).click();
  await tab(department.tabs.hours);
  await page.getByRole("button", { name: /^Tirar o feriado/ }).click();
  await save();
  await expect(page.getByText(department.hours.open)).toBeVisible();
  const late = await visitor("/");
  await late.open();
  await late.introduce({ name: "João", email: "joao@example.com", department: "Vendas" });
  await late.expectPosition(1);
});
