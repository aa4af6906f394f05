import { expect, test } from "./support/fixtures.ts";
import { say, words } from "./support/words.ts";

const said = words.pt.quickreply;
const { panel } = words.pt;

test("an administrator's reply by its shortcut, an own one that is shared, and the floating window", async ({
  agent,
  visitor,
}) => {
  const admin = await agent("admin");
  const ana = await agent("ana");
  const bruno = await agent("bruno");
  const shop = await visitor("/");
  await shop.open();
  await shop.introduce({ name: "Maria Souza", email: "maria@example.com", department: "Vendas", text: "Olá" });
  await ana.next.click();
  await expect(ana.message("Olá")).toBeVisible();

  await test.step("the administrator writes one; agents have it at once", async () => {
    await admin.page.goto(new URL("/admin/replies", admin.page.url()).href);
    await admin.page.getByRole("button", { name: said.add }).click();
    await admin.page.getByRole("textbox", { name: said.form.title }).fill("Frete grátis");
    await admin.page.getByRole("textbox", { name: said.form.shortcut }).fill("frete");
    await admin.page.getByRole("textbox", { name: said.form.text }).fill("Oi, ");
    await admin.page.getByRole("button", { name: said.fields.first_name }).click();
    await admin.page.keyboard.type("! Acima de R$ 199 é grátis.");
    await admin.page.getByRole("button", { name: said.form.save }).click();
    await expect(admin.page.getByRole("cell", { name: "Frete grátis", exact: true })).toBeVisible();
  });

  await test.step("a slash offers it; Enter inserts it filled in, and nothing is sent", async () => {
    await ana.field.pressSequentially("/fre");
    await expect(ana.page.getByRole("option", { name: /Frete grátis/ })).toHaveAttribute("aria-selected", "true");
    await ana.field.press("Enter");
    await expect(ana.field).toHaveValue("Oi, Maria! Acima de R$ 199 é grátis.");
    await ana.field.press("Enter");
    await expect(shop.message("Oi, Maria! Acima de R$ 199 é grátis.")).toBeVisible();
  });

  await test.step("Escape leaves the slash alone", async () => {
    await ana.field.pressSequentially("/fr");
    await expect(ana.page.getByRole("listbox", { name: said.list })).toBeVisible();
    await ana.field.press("Escape");
    await expect(ana.page.getByRole("listbox", { name: said.list })).toBeHidden();
    await expect(ana.field).toHaveValue("/fr");
    await ana.field.fill("");
  });

  await test.step("an own one, shared with everybody, from Preferences", async () => {
    await ana.page.getByRole("button", { name: panel.shell.settings }).click();
    await ana.page.getByRole("menuitem", { name: panel.preferences.title }).click();
    await ana.page.getByRole("button", { name: said.mine }).click();
    const dialog = ana.page.getByRole("dialog", { name: said.mine });
    await dialog.getByRole("button", { name: said.add }).click();
    await dialog.getByRole("textbox", { name: said.form.title }).fill("Prazo de Ana");
    await dialog.getByRole("textbox", { name: said.form.text }).fill("Chega em 3 dias, {first_name}.");
    await dialog.getByRole("combobox", { name: said.form.share }).click();
    await ana.page.getByRole("option", { name: said.form.share_everybody }).click();
    await dialog.getByRole("button", { name: said.form.save }).click();
    await expect(dialog.getByRole("cell", { name: "Prazo de Ana", exact: true })).toBeVisible();
    await ana.page.keyboard.press("Escape");
  });

  await test.step("it is in the colleague's window, and a click in one's own inserts at the cursor", async () => {
    await bruno.page.getByRole("button", { name: said.title }).click();
    const his = bruno.page.getByRole("dialog", { name: said.title });
    await expect(his.getByText(said.no_conversation)).toBeVisible();
    await expect(his.getByRole("button", { name: say(said.insert, { title: "Prazo de Ana" }) })).toBeVisible();
    await ana.page.getByRole("button", { name: said.title, exact: true }).click();
    const hers = ana.page.getByRole("dialog", { name: said.title });
    await hers.getByRole("searchbox", { name: said.search }).fill("prazo");
    await ana.field.fill("Certo. ");
    await hers.getByRole("button", { name: say(said.insert, { title: "Prazo de Ana" }) }).click();
    await expect(ana.field).toHaveValue("Certo. Chega em 3 dias, Maria.");
  });
});
