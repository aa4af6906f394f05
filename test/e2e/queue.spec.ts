import said from "../../internal/platform/text/pt.json" with { type: "json" };
import { expect, test } from "./support/fixtures.ts";
import { words } from "./support/words.ts";

test("two agents press next at the same moment: each visitor is attended once", async ({ agent, visitor }) => {
  const [ana, bruno] = [await agent("ana"), await agent("bruno")];
  const maria = await visitor("/");
  await maria.open();
  await maria.introduce({ name: "Maria Souza", email: "maria@example.com", department: "Vendas" });
  await maria.expectPosition(1);
  await Promise.all([ana.expectWaiting(1), bruno.expectWaiting(1)]);

  await Promise.all([ana.pressNext(), bruno.pressNext()]);

  await Promise.all([ana.expectActive(1), bruno.expectActive(1)]);
  await Promise.all([ana.expectWaiting(0), bruno.expectWaiting(0)]);
  const tabs = async () => (await ana.tab("Maria Souza").count()) + (await bruno.tab("Maria Souza").count());
  await expect.poll(tabs).toBe(1);
});

test("first come, first served: those behind move up", async ({ agent, visitor }) => {
  const ana = await agent("ana");
  const [maria, joao] = [await visitor("/"), await visitor("/")];
  await maria.open();
  await maria.introduce({ name: "Maria Souza", email: "maria@example.com", department: "Vendas" });
  await maria.expectPosition(1);
  await joao.open();
  await joao.introduce({ name: "João Pereira", email: "joao@example.com", department: "Vendas" });
  await joao.expectPosition(2);

  await ana.expectWaiting(2);
  await ana.next.click();

  await expect(ana.tab("Maria Souza")).toBeVisible();
  await joao.expectPosition(1);
  await ana.next.click();
  await expect(ana.tab("João Pereira")).toBeVisible();
  await ana.expectWaiting(0);
  await ana.expectActive(2);
});

test("a visitor who leaves the queue is counted as an abandonment", async ({ agent, visitor }) => {
  const ana = await agent("ana");
  const maria = await visitor("/");
  await maria.open();
  await maria.introduce({ name: "Maria Souza", email: "maria@example.com", department: "Vendas" });
  await ana.expectWaiting(1);
  await maria.leaveQueue();
  await ana.expectWaiting(0);
  await ana.expectFinished(0, 1);
});

test("while the server can't keep up, the visitor is told to wait, and what was typed stays", async ({
  agent,
  visitor,
}) => {
  const ana = await agent("ana");
  const maria = await visitor("/");
  const detail = said.codes.overloaded.replace("{seconds}", "3");
  // What the server answers while writing is late; only a full disk queue would make it say so itself.
  await maria.page.route(
    "**/v/conversations",
    (route) =>
      route.fulfill({
        status: 503,
        contentType: "application/problem+json",
        headers: { "Access-Control-Allow-Origin": "*", "Retry-After": "3" },
        body: JSON.stringify({
          type: "about:blank",
          title: detail,
          status: 503,
          code: "overloaded",
          detail,
          errors: [],
        }),
      }),
    { times: 1 },
  );
  await maria.open();
  await maria.introduce({ name: "Maria Souza", email: "maria@example.com", department: "Vendas" });
  await expect(maria.dialog.getByRole("alert")).toHaveText(detail);
  await ana.expectWaiting(0);

  // The button that was pressed still has the focus: the next try is one key away.
  await expect(maria.dialog.getByRole("button", { name: words.pt.widget.start })).toBeFocused();
  await maria.page.keyboard.press("Enter");

  await maria.expectPosition(1);
  await ana.expectWaiting(1);
});
