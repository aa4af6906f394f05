import type { APIRequestContext, Locator } from "@playwright/test";
import { expect, password, test } from "./support/fixtures.ts";
import type { Panel } from "./support/panel.ts";
import type { Server } from "./support/server.ts";
import type { Widget } from "./support/widget.ts";
import { say, words } from "./support/words.ts";

const { supervision: said, queue } = words.pt;

/** What the administration does before: this agent receives from the roulette too. */
async function intoRoulette(request: APIRequestContext, server: Server, login: string): Promise<void> {
  const signIn = () => request.post(`${server.origin}/api/session`, { data: { login: "admin", password } });
  await expect.poll(async () => (await signIn()).status(), { intervals: [200] }).toBe(200);
  const { agents } = (await (await request.get(`${server.origin}/api/agents`)).json()) as {
    agents: { id: string; login: string }[];
  };
  const id = agents.find((one) => one.login === login)?.id ?? "";
  const answer = await request.patch(`${server.origin}/api/agents/${id}`, { data: { method: "both" } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** Opens the status window on one of its lists. */
async function openStatus(panel: Panel, view: "waiting" | "active" | "agents"): Promise<Locator> {
  await panel.page.getByRole("button", { name: words.pt.panel.toolbar.status, exact: true }).click();
  const window = panel.page.getByRole("dialog", { name: queue.title, exact: true });
  await window.getByText(new RegExp(`^${queue[`view_${view}`].replace(/ \(.*/, "")}`)).click();
  return window;
}

async function ask(visitor: Widget, name: string, email: string): Promise<void> {
  await visitor.open();
  await visitor.introduce({ name, email, department: "Vendas" });
}

/** T065, T066, T135–T142: order, watching, whispering, joining, taking over and ending a session, each seen where it should be and nowhere else. */
test("a supervisor orders the queue, watches, whispers, joins, takes over and ends a session", async ({
  agent,
  request,
  server,
  visitor,
}) => {
  await intoRoulette(request, server, "ana");
  const [ana, carla] = await Promise.all([agent("ana"), agent("carla")]);

  // Skipped, Ana gets nothing by herself; she still may pull.
  const status = await openStatus(carla, "agents");
  const row = status.getByTestId("agents").getByRole("row").filter({ hasText: "Ana Nunes" });
  await row.click({ button: "right" });
  await carla.page.getByRole("menuitem", { name: queue.skip }).click();
  await expect(row).toContainText(queue.reason.skipped);

  const maria = await visitor("/");
  await ask(maria, "Maria Souza", "maria@example.com");
  await ana.expectWaiting(1);
  const joao = await visitor("/");
  await ask(joao, "João Pereira", "joao@example.com");
  await ana.expectWaiting(2);

  await status.getByText(say(queue.view_waiting, { count: 2 })).click();
  const waiting = status.getByTestId("waiting").getByRole("row");
  await expect(waiting.nth(1)).toContainText("Maria Souza");
  await status.getByRole("button", { name: say(queue.move, { name: "João Pereira" }) }).focus();
  await carla.page.keyboard.press("ArrowUp");
  await expect(waiting.nth(1)).toContainText("João Pereira");
  await ana.next.click();
  await expect(ana.tab("João Pereira")).toBeVisible();
  await ana.say("Bom dia, João!");

  // Right click → Supervise.
  await status.getByText(say(queue.view_active, { count: 1 })).click();
  await status.getByTestId("active").getByText("João Pereira").click({ button: "right" });
  await carla.page.getByRole("menuitem", { name: queue.supervise }).click();
  const window = carla.page.getByRole("dialog", { name: said.title, exact: true });
  const log = window.getByRole("log");
  await expect(log.getByText("Bom dia, João!")).toBeVisible();
  await joao.say("Quero uma barraca.");
  await expect(log.getByText("Quero uma barraca.")).toBeVisible();

  await window.getByLabel(said.whisper).fill("Ofereça o frete grátis.");
  await window.getByRole("button", { name: said.whisper_send }).click();
  await expect(ana.message("Ofereça o frete grátis.")).toBeVisible();

  await window.getByRole("button", { name: said.join, exact: true }).click();
  await window.getByText(said.to_visitor, { exact: true }).click();
  await window.getByLabel(said.speak).fill("Aqui é a Carla, da supervisão.");
  await window.getByRole("button", { name: said.speak_send, exact: true }).click();
  await expect(joao.log.getByText("Aqui é a Carla, da supervisão.")).toBeVisible();
  await expect(ana.message("Aqui é a Carla, da supervisão.")).toBeVisible();

  await window.getByRole("button", { name: said.take_over, exact: true }).click();
  await carla.page
    .getByRole("dialog", { name: said.take_over_title })
    .getByRole("button", { name: said.take_over, exact: true })
    .click();
  await expect(carla.tab("João Pereira")).toBeVisible();
  await expect(ana.tab("João Pereira")).toHaveCount(0);
  await carla.say("Agora falo eu com você.");
  await expect(joao.log.getByText("Agora falo eu com você.")).toBeVisible();
  expect((await joao.texts()).join("\n")).not.toContain("frete grátis");

  // The end of a session, from the agent's row.
  await ana.next.click();
  await expect(ana.tab("Maria Souza")).toBeVisible();
  await openStatus(carla, "agents");
  await status.getByRole("button", { name: say(queue.actions, { name: "Ana Nunes" }) }).click();
  await carla.page.getByRole("menuitem", { name: queue.end_session }).click();
  await carla.page
    .getByRole("dialog", { name: said.end_session_title })
    .getByRole("button", { name: say(said.end_session, { agent: "Ana Nunes" }) })
    .click();
  await expect(ana.page.getByRole("textbox", { name: words.pt.panel.session.login })).toBeVisible();

  const { entries } = (await (await request.get(`${server.origin}/api/audit`)).json()) as {
    entries: { agent_name: string; action: string; subject: { name: string } }[];
  };
  expect(entries.toReversed().map(({ agent_name, action }) => [agent_name, action])).toEqual(
    [
      "roulette.changed",
      "queue.reordered",
      "conversation.watched",
      "conversation.whispered",
      "conversation.joined",
      "conversation.taken_over",
      "session.ended",
    ].map((action) => ["Carla Dias", action]),
  );

  await carla.page.goto(new URL("/wallboard", carla.page.url()).href);
  await expect(carla.page.getByTestId("board-active")).toHaveText("2");
  await expect(carla.page.getByTestId("board-absent")).not.toHaveText("0");
});
