import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { expectState, prepare, sendTooLate } from "./support/outreach.ts";
import { Panel } from "./support/panel.ts";
import { words } from "./support/words.ts";

const said = words.pt.panel;
const own = words.pt.agent;

/** A photo as a browser makes it: red above, green below. */
async function photo(page: Page, width: number, height: number): Promise<Buffer> {
  const data = await page.evaluate(
    ([w, h]) => {
      const canvas = document.createElement("canvas");
      canvas.width = w as number;
      canvas.height = h as number;
      const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
      pen.fillStyle = "#b91c1c";
      pen.fillRect(0, 0, w as number, h as number);
      pen.fillStyle = "#15803d";
      pen.fillRect(0, (h as number) / 2, w as number, h as number);
      return canvas.toDataURL("image/jpeg");
    },
    [width, height],
  );
  return Buffer.from(data.slice(data.indexOf(",") + 1), "base64");
}

const profile = (panel: Panel) =>
  panel.page.getByRole("button", { name: new RegExp(said.session.change_status.replace("{{status}}", ".+")) });

/** A part of being ready, in the open menu of the own status. */
const part = (panel: Panel, name: "wish" | "connection" | "awake" | "sound") =>
  panel.page.locator(`[data-part=${name}]`);

async function gear(panel: Panel, item: string): Promise<void> {
  await panel.page.getByRole("button", { name: said.shell.settings }).click();
  await panel.page.getByRole("menuitem", { name: item }).click();
}

test("an agent receives only when nothing stands against it; who is lost, silent or gone is so in time, and others are told", async ({
  agent,
  server,
  visitor,
}) => {
  test.setTimeout(150_000);
  // What takes a minute begins first. In support, a minute of silence ends a conversation.
  const lead = await agent("admin");
  const { departments } = await (await lead.page.request.get(`${server.origin}/api/departments`)).json();
  const support = (departments as { id: string; name: string }[]).find(({ name }) => name === "Suporte")?.id;
  const set = await lead.page.request.patch(`${server.origin}/api/departments/${support}`, {
    data: { settings: { inactivity: { warn_minutes: 0, end_minutes: 1 } } },
  });
  expect(set.ok(), await set.text()).toBe(true);
  const silent = await visitor("/");
  await silent.open();
  await silent.dialog.getByRole("radio", { name: "Suporte" }).check({ force: true });
  await silent.dialog.getByRole("textbox", { name: "Número do pedido" }).fill("TR-1042");
  await silent.introduce({ name: "Rita Alves", email: "rita@example.com", department: "Suporte" });
  await lead.expectWaiting(1);
  await lead.next.click();
  await lead.say("Olá, Rita!");
  await expect(silent.message("Olá, Rita!")).toBeVisible();

  // Ana attends, with a photo, and loses her connection.
  const ana = await agent("ana");
  await gear(ana, own.own.photo);
  const dialog = ana.page.getByRole("dialog", { name: own.own.photo });
  const chooser = ana.page.waitForEvent("filechooser");
  await dialog.getByRole("button", { name: own.photo.both }).click();
  await (await chooser).setFiles({
    name: "ana.jpg",
    mimeType: "image/jpeg",
    buffer: await photo(ana.page, 1600, 1200),
  });
  await expect(dialog.locator("img")).toHaveCount(2);
  await ana.page.keyboard.press("Escape");
  await expect(profile(ana).locator("img")).toHaveJSProperty("naturalWidth", 122);

  const shop = await visitor("/");
  await shop.open();
  await shop.introduce({ name: "Maria Souza", email: "maria@example.com", department: "Vendas" });
  await ana.expectWaiting(1);
  await ana.next.click();
  await expect(ana.tab("Maria Souza")).toBeVisible();
  const face = shop.dialog.locator("img.photo");
  await expect(face).toHaveJSProperty("naturalWidth", 122);
  expect(await face.boundingBox()).toMatchObject({ width: 61, height: 61 });
  const context = ana.page.context();
  await ana.page.close();

  // A visitor leaves while an invite is on the way.
  const gone = await visitor("/");
  await gone.identify({ name: "João Pereira", email: "joao@example.com" });
  const invite = await prepare(lead, "invite");
  await lead.row("João Pereira").dblclick();
  const details = lead.page.getByRole("complementary", { name: said.visit.title });
  await expect(details).toContainText("João Pereira");
  const late = await sendTooLate(lead, gone.page, "invite", invite);
  await expectState(lead, late, "queued");

  // Meanwhile Bruno has everything, and loses one part after the other.
  const bruno = await agent("bruno");
  await profile(bruno).click();
  for (const name of ["wish", "connection", "awake", "sound"] as const) {
    await expect(part(bruno, name)).toHaveAttribute("data-ok", "true");
  }
  await bruno.page.keyboard.press("Escape");
  await expect(bruno.page.getByText(said.session.unready)).toBeHidden();
  // A page that hangs does not answer its worker: nothing of it runs while a box is open.
  const box = bruno.page.waitForEvent("dialog");
  void bruno.page.evaluate(() => alert("?"));
  const hanging = await box;
  await lead.page.getByRole("button", { name: said.toolbar.status }).click();
  const status = lead.page.getByRole("dialog");
  await status.getByText(words.pt.queue.view_agents, { exact: true }).click();
  const row = status.getByRole("row", { name: /Bruno/ });
  const fine = (name: "awake" | "sound") => row.locator(`[data-part=${name}][data-on]`);
  await expect(fine("awake")).toHaveCount(1);
  await expect(fine("awake")).toHaveCount(0, { timeout: 25_000 });
  await hanging.dismiss();
  await expect(fine("awake")).toHaveCount(1);

  // In a new tab the browser allows no sound before the first click: that is seen, and mended where it is seen.
  const tab = await bruno.page.context().newPage();
  await bruno.page.close();
  const later = new Panel(tab, lead.page.url(), "pt");
  await tab.goto(lead.page.url());
  await expect(fine("sound")).toHaveCount(0);
  await profile(later).click();
  await expect(fine("sound")).toHaveCount(1);
  await expect(part(later, "sound")).toHaveAttribute("data-ok", "true");
  await tab.keyboard.press("Escape");
  await later.setStatus("busy");

  // A supervisor ends his session; he is told why.
  await lead.page.evaluate(async () => {
    const list = (await (await fetch("/api/agents")).json()) as { agents: { id: string; login: string }[] };
    const id = list.agents.find(({ login }) => login === "bruno")?.id;
    await fetch(`/api/agents/${id}/end-session`, { method: "POST" });
  });
  await expect(tab.getByText(said.session.supervisor)).toBeVisible();

  // The visitor who left is gone, and never saw the invite.
  await expect(details).toContainText(said.visit.gone, { timeout: 30_000 });
  await expect(lead.row("João Pereira")).toHaveCount(0);
  await expectState(lead, late, "expired", 60_000);

  // A minute after she was lost, Ana's conversation waits again; she is told when she is back.
  await expect(shop.dialog.getByText(words.pt.widget.waiting_next)).toBeVisible({ timeout: 80_000 });
  const again = await context.newPage();
  await again.goto(lead.page.url());
  await expect(again.getByText(own.returned.connection_lost_one.replace("{{count}}", "1"))).toBeVisible();
  await again.reload();
  await expect(again.getByRole("grid")).toBeVisible();
  await expect(again.getByText(own.returned.connection_lost_one.replace("{{count}}", "1"))).toBeHidden();

  // Nothing was heard of Rita for as long: the server has ended it, and both read why.
  await expect(silent.log.getByText(words.pt.widget.system_ended_inactive)).toBeVisible({ timeout: 30_000 });
  await expect(lead.log.getByText(said.conversation.system.ended_inactivity)).toBeAttached();
});
