import { expect, password, test } from "./support/fixtures.ts";
import { Panel } from "./support/panel.ts";
import { words } from "./support/words.ts";

test("a second sign-in ends the first session and says so", async ({ agent }) => {
  const first = await agent("ana");
  const second = await agent("ana");
  await expect(first.page.getByText(words.pt.panel.session.replaced)).toBeVisible();
  await expect(second.grid).toBeVisible();
});

test("a wrong password is refused without saying which part was wrong", async ({ page, server }) => {
  const panel = new Panel(page, server.origin, "pt");
  await panel.fillSignIn("ana", `${password}x`);
  const alert = page.getByRole("alert");
  await expect(alert).toBeVisible();
  const text = await alert.innerText();
  await panel.fillSignIn("nobody", password);
  await expect(alert).toHaveText(text);
});

test("two tabs of one agent share a connection, and the second takes over when the first closes", async ({
  agent,
  server,
  visitor,
}) => {
  const first = await agent("ana");
  const page = await first.page.context().newPage();
  const sockets: string[] = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  const second = new Panel(page, server.origin, "pt");
  await page.goto(server.origin);
  await expect(second.grid).toBeVisible();

  const maria = await visitor("/");
  await maria.open();
  await maria.introduce({ name: "Maria Souza", email: "maria@example.com", department: "Vendas" });
  await Promise.all([first.expectWaiting(1), second.expectWaiting(1)]);
  expect(sockets).toEqual([]);

  await first.page.close();
  await second.next.click();
  await expect(second.tab("Maria Souza")).toBeVisible();
  await second.say("Boa tarde, Maria!");
  await expect(maria.message("Boa tarde, Maria!")).toBeVisible();
  await maria.say("Boa tarde!");
  await expect(second.message("Boa tarde!")).toHaveCount(1);
  expect(sockets).toHaveLength(1);
});
