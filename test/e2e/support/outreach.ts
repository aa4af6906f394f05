import { expect, type Locator, type Page } from "@playwright/test";
import type { Panel } from "./panel.ts";
import { words } from "./words.ts";

const said = words.pt.outreach;
const none = { title: "", text: "", button: "" };

/** The smallest picture that can be seen: one blue pixel, drawn large. */
export const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg==",
  "base64",
);

interface Sent {
  id: string;
  visitor_id: string;
}

/** A path of the agent's installation. */
const at = (agent: Panel, path: string) => new URL(path, agent.page.url()).href;

/** Makes an invite or a promotion, as an administrator. Returns its name. */
export async function prepare(admin: Panel, kind: "invite" | "promotion", more: object = {}): Promise<string> {
  const name = kind === "invite" ? "Convite da prova" : "Oferta da prova";
  const texts = {
    pt: { title: `${name}!`, text: "Só para você.", button: kind === "invite" ? "Conversar" : "Ver oferta" },
    en: none,
    es: none,
  };
  const answer = await admin.page.request.post(at(admin, "/api/outreach/templates"), {
    data: { kind, name, texts, ...more },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return name;
}

/** Keeps a picture, as an administrator. Returns its identifier. */
export async function upload(admin: Panel): Promise<string> {
  const answer = await admin.page.request.post(at(admin, "/api/outreach/images"), {
    multipart: { file: { name: "oi.png", mimeType: "image/png", buffer: picture } },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

/** Sends a prepared one to a selected visitor whose line is dead before it is sent, which nobody knows yet. */
export async function sendTooLate(
  agent: Panel,
  visitor: Page,
  kind: "invite" | "promotion",
  name: string,
): Promise<Sent> {
  const dialog = agent.page.getByRole("dialog", { name: said[kind].full });
  await agent.page.getByRole("navigation").getByRole("button", { name: said[kind].full }).click();
  await dialog.getByRole("radio", { name, exact: true }).check();
  await visitor.context().setOffline(true);
  await visitor.close();
  return await confirm(agent, dialog, said.send);
}

/** Selects the visitor's row and presses the toolbar's button. */
export async function press(agent: Panel, row: Locator, kind: "invite" | "promotion" | "redirect"): Promise<void> {
  const button = agent.page.getByRole("navigation").getByRole("button", { name: said[kind].full });
  if ((await row.getAttribute("aria-selected")) !== "true") await row.click();
  await expect(button).toHaveAttribute("aria-disabled", "false");
  await button.click();
}

/** Sends a prepared one to the selected visitor and returns the delivery. */
export async function send(agent: Panel, row: Locator, kind: "invite" | "promotion", name: string): Promise<Sent> {
  await press(agent, row, kind);
  const dialog = agent.page.getByRole("dialog", { name: said[kind].full });
  await dialog.getByRole("radio", { name, exact: true }).check();
  return await confirm(agent, dialog, said.send);
}

/** Redirects the selected visitor and returns the delivery. */
export async function redirect(agent: Panel, row: Locator, url: string): Promise<Sent> {
  await press(agent, row, "redirect");
  const dialog = agent.page.getByRole("dialog", { name: said.redirect.full });
  await dialog.getByRole("textbox", { name: said.address }).fill(url);
  return await confirm(agent, dialog, said.redirect_now);
}

async function confirm(agent: Panel, dialog: Locator, button: string): Promise<Sent> {
  const answer = agent.page.waitForResponse(
    (response) => response.url().endsWith("/api/outreach/deliveries") && response.request().method() === "POST",
  );
  await dialog.getByRole("button", { name: button, exact: true }).click();
  const { results } = (await (await answer).json()) as { results: { delivery: Sent }[] };
  const first = results[0]?.delivery;
  if (!first) throw new Error(`nothing was sent: ${JSON.stringify(results)}`);
  return first;
}

/** Waits until a delivery has come that far. */
export async function expectState(agent: Panel, sent: Sent, state: string, within = 10_000): Promise<void> {
  const now = async () => {
    const answer = await agent.page.request.get(at(agent, `/api/outreach/deliveries?visitor_id=${sent.visitor_id}`));
    const { deliveries } = (await answer.json()) as { deliveries: { id: string; state: string }[] };
    return deliveries.find((each) => each.id === sent.id)?.state;
  };
  await expect.poll(now, { timeout: within }).toBe(state);
}

/** What was sent, on the visitor's page. */
export function card(page: Page): Locator {
  return page.locator("aceno-chat section[role=dialog]");
}
