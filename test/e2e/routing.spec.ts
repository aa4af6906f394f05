import { expect, test } from "./support/fixtures.ts";
import { say, words } from "./support/words.ts";

const { admin, routing, supervision } = words.pt;

test("a rule is written in plain words, moves its visitor ahead of who came first, and is named; a missed promise is told", async ({
  agent,
  server,
  visitor,
}) => {
  const boss = await agent("admin");
  const { page } = boss;
  const choose = async (label: string, option: string) => {
    await page.getByRole("combobox", { name: label, exact: true }).click();
    await page.getByRole("option", { name: option, exact: true }).click();
  };
  await page.goto(new URL("/admin/routing", page.url()).href);
  await expect(page.getByRole("heading", { name: admin.pages.routing })).toBeVisible();
  await page.getByRole("button", { name: routing.new }).click();
  await page.getByRole("button", { name: routing.edit.save }).click();
  await expect(page.getByRole("textbox", { name: routing.edit.name })).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("textbox", { name: routing.edit.name }).fill("Quem está comprando");
  await choose(routing.edit.field, routing.fields.page_url);
  await choose(routing.edit.operator, routing.operators.starts_with);
  await page.getByRole("combobox", { name: routing.edit.values }).fill("/sizes");
  await page.getByRole("combobox", { name: routing.edit.values }).press("Enter");
  await choose(routing.edit.priority, "2");
  await expect(
    page.getByText("Quando o endereço da página começa com “/sizes”: prioridade 2 (vale 10 min de espera).", {
      exact: true,
    }),
  ).toBeVisible();
  await page.getByRole("button", { name: routing.edit.save }).click();
  await expect(page.getByRole("row").filter({ hasText: "Quem está comprando" }).getByRole("switch")).toBeChecked();

  for (const [path, name] of [
    ["/", "João Primeiro"],
    ["/sizes", "Rita Compra"],
  ] as const) {
    const one = await visitor(path);
    await one.open();
    await one.introduce({ name, email: "quem@example.com", department: "Vendas" });
  }
  const queue = async () => {
    const answer = await page.request.get(`${server.origin}/api/queue`);
    const { waiting } = (await answer.json()) as {
      waiting: { visitor_name: string; priority: number; rules: string[] }[];
    };
    return waiting.map(({ visitor_name, priority, rules }) => ({ visitor_name, priority, rules }));
  };
  await expect.poll(queue).toEqual([
    { visitor_name: "Rita Compra", priority: 2, rules: ["Quem está comprando"] },
    { visitor_name: "João Primeiro", priority: 0, rules: [] },
  ]);

  // The department promises an answer in a second: it is late already, and who supervises is told once.
  const { departments } = (await (await page.request.get(`${server.origin}/api/departments`)).json()) as {
    departments: { id: string; name: string }[];
  };
  const sales = departments.find(({ name }) => name === "Vendas")?.id;
  const promise = {
    first_response: { warn: 0, breach: 1 },
    response: { warn: 0, breach: 0 },
    handling: { warn: 0, breach: 0 },
  };
  await page.request.patch(`${server.origin}/api/departments/${sales}`, {
    data: { settings: { service_level: promise } },
  });
  await expect(page.getByText(say(supervision.breach.first_response, { name: "Rita Compra" }))).toBeVisible();
  await page.goto(`${server.origin}/wallboard`);
  const line = page.getByRole("row").filter({ hasText: "Vendas" });
  await expect(line.getByRole("cell").nth(3)).toHaveText(/^0\s?%$/);
  await expect(line.getByRole("cell").nth(4)).toHaveText("2");
});
