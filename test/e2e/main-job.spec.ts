import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import type { Language } from "./support/words.ts";

const maria = { name: "Maria Souza", email: "maria@example.com", department: "Vendas" };
const secret = "SEGREDO-8c1f: ofereça o cupom CURITIBA10";
const picture = {
  name: "foto.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  ),
};
const price = { name: "tabela.csv", mimeType: "text/csv", buffer: Buffer.from("produto;frete\njaqueta;0\n") };

/** Everything the page receives from the server: frames of its sockets and bodies of its requests. */
function overhear(page: Page): () => string {
  const heard: string[] = [];
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => heard.push(payload.toString())));
  page.on("response", (response) => {
    response.text().then(
      (text) => heard.push(text),
      () => undefined, // a body that is no longer there was not read by the page either
    );
  });
  return () => heard.join("\n");
}

for (const language of ["pt", "en"] satisfies Language[]) {
  for (const restart of [false, true]) {
    test.describe(`${language}${restart ? ", the server killed in the middle" : ""}`, () => {
      test.use({ language });

      test("a visitor is seen, waits, is attended by the next agent, talks, sends a file, and is done", async ({
        agent,
        server,
        visitor,
      }) => {
        const [ana, bruno] = [await agent("ana"), await agent("bruno")];
        const shop = await visitor("/");
        const heard = overhear(shop.page);

        await test.step("the visitor appears in both grids and moves", async () => {
          for (const panel of [ana, bruno]) {
            await expect(panel.row(await shop.page.title())).toHaveCount(1);
          }
          await shop.page.getByRole("link").nth(1).click();
          await expect(ana.row(await shop.page.title())).toHaveCount(1);
        });

        await test.step("asks for contact and waits with a position", async () => {
          await shop.open();
          await shop.introduce({ ...maria, text: "O frete para Curitiba é grátis?" });
          await shop.expectPosition(1);
          for (const panel of [ana, bruno]) {
            await panel.expectWaiting(1);
            await expect(panel.row(maria.name)).toHaveCount(1);
          }
        });

        await test.step("the next agent takes the conversation; the other's counters follow", async () => {
          await ana.next.click();
          await expect(ana.tab(maria.name)).toBeVisible();
          await expect(ana.message("O frete para Curitiba é grátis?")).toBeVisible();
          for (const panel of [ana, bruno]) {
            await panel.expectWaiting(0);
            await panel.expectActive(1);
          }
        });

        await test.step("both talk", async () => {
          await ana.say("Boa tarde! Acima de R$ 199 é grátis.");
          await expect(shop.message("Boa tarde! Acima de R$ 199 é grátis.")).toBeVisible();
          await shop.say("Meu carrinho está em R$ 214");
          await expect(ana.message("Meu carrinho está em R$ 214")).toBeVisible();
        });

        await test.step("an internal message stays inside", async () => {
          await ana.note(secret);
          await expect(shop.message(secret)).toHaveCount(0);
        });

        if (restart) {
          await test.step("the server dies; both go on writing; it comes back", async () => {
            await server.kill();
            await shop.say("Alô, ainda está aí?");
            await ana.say("Um momento, já respondo.");
            await server.restart();
            await expect(ana.message("Alô, ainda está aí?")).toHaveCount(1);
            await expect(shop.message("Um momento, já respondo.")).toHaveCount(1);
          });
        }

        await test.step("files go both ways", async () => {
          await shop.attach(picture);
          const received = ana.page.waitForEvent("download");
          await ana.download(picture.name).click();
          expect(await readFile(await (await received).path())).toEqual(picture.buffer);

          await ana.attach(price);
          const sent = shop.page.waitForEvent("download");
          await shop.download(price.name).click();
          expect(await readFile(await (await sent).path())).toEqual(price.buffer);
        });

        await test.step("the tab closes only after the end", async () => {
          await ana.closeTab();
          await ana.expectRefusedToClose();
          await ana.end();
          await shop.expectEnded();
          await ana.closeTab();
          await expect(ana.tab(maria.name)).toHaveCount(0);
          for (const panel of [ana, bruno]) {
            await panel.expectActive(0);
            await panel.expectFinished(1, 0);
          }
        });

        await test.step("nothing was lost, doubled or leaked", async () => {
          const said = [
            "O frete para Curitiba é grátis?",
            "Boa tarde! Acima de R$ 199 é grátis.",
            "Meu carrinho está em R$ 214",
          ];
          // Those written while the server was away may have arrived in either order, each of them once.
          const away = restart ? ["Alô, ainda está aí?", "Um momento, já respondo."] : [];
          const texts = await shop.texts();
          expect(texts.slice(0, said.length)).toEqual(said);
          expect(texts.slice(said.length).toSorted()).toEqual(away);
          expect(heard()).toContain("Boa tarde! Acima de R$ 199 é grátis.");
          expect(heard()).not.toContain("SEGREDO-8c1f");
        });
      });
    });
  }
}
