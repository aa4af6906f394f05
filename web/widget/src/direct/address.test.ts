import { describe, expect, it } from "vitest";
import { readAddress } from "./address";

const at = "https://chat.example/chat/k1";

describe("readAddress", () => {
  it("turns the address into commands and takes out what is about the visitor", () => {
    const read = readAddress(
      `${at}?department=vendas&name=Jo%C3%A3o&email=joao@example.com&page=https://loja.example/p&vars=pedido%3D77%26vip%3D1&language=es`,
      false,
    );
    expect(read.commands).toEqual([
      ["language", "es"],
      ["department", "vendas"],
      ["identify", { name: "João", email: "joao@example.com" }],
      ["set", { pedido: "77", vip: "1", page: "https://loja.example/p" }],
    ]);
    expect(read.clean).toBe(`${at}?department=vendas&language=es`);
    expect(read.token).toBe("");
  });

  it("takes the visitor of the page that opened it", () => {
    const read = readAddress(`${at}?popup=1#token=a.b%2Bc`, true);
    expect(read).toEqual({ commands: [["monitoring", false]], token: "a.b+c", kept: [], clean: `${at}?popup=1` });
  });

  it("takes over the accepted invite from the page that opened it, and from nobody else", () => {
    const address = `${at}?popup=1#token=T1&invite=d1&said=%5B%22Ana%22%2C%22Oi%22%5D&other=x`;
    const kept = [
      ["invite", "d1"],
      ["said", '["Ana","Oi"]'],
    ];
    expect(readAddress(address, true)).toMatchObject({ kept, clean: `${at}?popup=1` });
    expect(readAddress(address, false).kept).toEqual([]);
  });

  it("understands the original's names, and survives nonsense", () => {
    expect(readAddress(`${at}?depto=4516&vars=%7B%22a%22%3A1%7D`, false).commands).toEqual([
      ["department", "4516"],
      ["set", { a: 1 }],
    ]);
    expect(readAddress(`${at}?vars=%7Bbroken&page=`, false).commands).toEqual([]);
  });
});
