import type { APIRequestContext } from "@playwright/test";
import { expect, password, test } from "./support/fixtures.ts";
import type { Panel } from "./support/panel.ts";
import type { Server } from "./support/server.ts";
import { say, words } from "./support/words.ts";

const { offer: said } = words.pt;
const write = new RegExp(said.write.replace("{{seconds}}", "\\d+"));

interface Queue {
  departments: { department_id: string; next: { agent_id: string; reason: string }[] }[];
  agents: { agent_id: string; unable: string }[];
  offers: { conversation_id: string; agent_id: string }[];
}

/** What the administration does before: three agents of the roulette in one department, who have five seconds to show an offer. */
async function roulette(request: APIRequestContext, server: Server, logins: string[]) {
  const api = async (method: string, path: string, data?: unknown) => {
    const answer = await request.fetch(`${server.origin}/api/${path}`, { method, data });
    expect(answer.ok(), await answer.text()).toBe(true);
    return await answer.json();
  };
  // The demo is ready before its people are; the administrator is the last of them.
  const signIn = () => request.post(`${server.origin}/api/session`, { data: { login: "admin", password } });
  await expect.poll(async () => (await signIn()).status(), { intervals: [200] }).toBe(200);
  const { departments } = (await api("GET", "departments")) as { departments: { id: string; name: string }[] };
  const sales = departments.find(({ name }) => name === "Vendas")?.id ?? "";
  await api("PATCH", `departments/${sales}`, { settings: { offer_seconds: 5 } });
  const { agents } = (await api("GET", "agents")) as { agents: { id: string; login: string }[] };
  const ids = new Map<string, string>();
  for (const { id, login } of agents) {
    if (!logins.includes(login)) continue;
    ids.set(login, id);
    await api("PATCH", `agents/${id}`, { method: "roulette" });
  }
  const queue = async () => (await api("GET", "queue")) as Queue;
  return {
    queue,
    loginOf: (agentId: string) => logins.find((login) => ids.get(login) === agentId) ?? "",
    /** Those whom the roulette would ask, in order. */
    able: async () => {
      const next = (await queue()).departments.find(({ department_id }) => department_id === sales)?.next ?? [];
      const unable = new Set((await queue()).agents.flatMap((one) => (one.unable ? [one.agent_id] : [])));
      return next.map(({ agent_id }) => agent_id).filter((id) => !unable.has(id));
    },
    /** How the offers of a conversation ended, the first one first. */
    offersOf: async (conversationId: string) => {
      const answer = (await api("GET", `routing/decisions?conversation=${conversationId}`)) as {
        offers: { agent_id: string; state: string; offered_at: number }[];
      };
      return answer.offers
        .toSorted((a, b) => a.offered_at - b.offered_at)
        .map(({ agent_id, state }) => ({ agent_id, state }));
    },
  };
}

const cards = (panel: Panel) => panel.page.getByRole("region", { name: said.label });

test("an offer that sleeps goes to the next agent in time; one that is shown opens its tab; nobody gets two", async ({
  agent,
  request,
  server,
  visitor,
}) => {
  const logins = ["ana", "bruno", "carla"];
  const wheel = await roulette(request, server, logins);
  const panels = new Map(await Promise.all(logins.map(async (login) => [login, await agent(login)] as const)));
  const panel = (agentId: string) => panels.get(wheel.loginOf(agentId)) as Panel;
  await expect.poll(async () => (await wheel.able()).length).toBe(3);

  // The one whose turn it is hangs before the server can know: nothing of a page runs while a box is open.
  const [first, second, third] = (await wheel.able()) as [string, string, string];
  const asleep = panel(first);
  const box = asleep.page.waitForEvent("dialog");
  void asleep.page.evaluate(() => alert("?"));
  const hanging = await box;

  const maria = await visitor("/");
  await maria.open();
  await maria.introduce({ name: "Maria Souza", email: "maria@example.com", department: "Vendas" });
  await expect.poll(async () => (await wheel.queue()).offers.map(({ agent_id }) => agent_id)).toEqual([first]);
  const conversation = (await wheel.queue()).offers[0]?.conversation_id ?? "";

  // Five seconds later it is the next agent's, whose window opens by itself and asks for the first word.
  const awake = panel(second);
  await expect(awake.tab("Maria Souza")).toBeVisible();
  await expect(awake.window.getByText(write)).toBeVisible();
  await expect(cards(awake)).toBeHidden(); // it would cover the field
  await awake.say("Olá, Maria!");
  await expect(maria.message("Olá, Maria!")).toBeVisible();
  await expect(awake.window.getByText(write)).toBeHidden();
  expect(await wheel.offersOf(conversation)).toEqual([
    { agent_id: first, state: "missed" },
    { agent_id: second, state: "accepted" },
  ]);

  // Whoever wakes up finds nothing, and is in the roulette again.
  await hanging.dismiss();
  await expect.poll(wheel.able).toContain(first);
  await expect(asleep.tab("Maria Souza")).toHaveCount(0);
  await expect(cards(asleep)).toBeHidden();
  await expect(asleep.page.getByText(say(said.lost, { name: "Maria Souza" }))).toBeVisible();

  // Two who come at once go to the two who are next, and to nobody else.
  const names = ["João Pereira", "Rita Alves"];
  await Promise.all(
    names.map(async (name, i) => {
      const one = await visitor("/");
      await one.open();
      await one.introduce({ name, email: `visitor${i}@example.com`, department: "Vendas" });
    }),
  );
  for (const id of [first, third]) {
    await expect(panel(id).window.getByTestId("conversation-tab")).toHaveCount(1);
    await expect(panel(id).window.getByText(write)).toBeVisible();
  }
  await expect(awake.window.getByTestId("conversation-tab")).toHaveCount(1);
  for (const name of [...names, "Maria Souza"]) {
    const tabs = await Promise.all([...panels.values()].map((one) => one.tab(name).count()));
    expect(tabs.toSorted()).toEqual([0, 0, 1]);
  }
});
