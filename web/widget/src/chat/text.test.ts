import { describe, expect, it } from "vitest";
import { cleanText, countCharacters, linkify, showSize } from "./text";

const hrefs = (text: string) => linkify(text).flatMap((piece) => ("href" in piece ? [piece.href] : []));

describe("linkify", () => {
  it("keeps every character of the text", () => {
    for (const text of [
      "",
      "sem nada",
      "veja https://a.example/x?y=1#z, e www.b.example.",
      "(https://pt.wikipedia.org/wiki/Pé_(anatomia))",
      "a@b.co",
    ]) {
      expect(
        linkify(text)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(text);
    }
  });

  it.each([
    ["veja https://a.example/x.", "https://a.example/x"],
    ["(https://a.example/x)", "https://a.example/x"],
    ["https://a.example/x_(y)", "https://a.example/x_(y)"],
    ["HTTP://A.example", "http://a.example/"],
    ["www.a.example/b!", "https://www.a.example/b"],
    ["escreva a ana@loja.com.br, por favor", "mailto:ana@loja.com.br"],
    ['<a href="https://a.example">', "https://a.example/"],
  ])("%s", (text, href) => {
    expect(hrefs(text)).toEqual([href]);
  });

  it.each(["javascript:alert(1)", "data:text/html,<b>", "file:///etc/passwd", "https://", "a@b", "ftp://a.example"])(
    "leaves %s alone",
    (text) => {
      expect(hrefs(text)).toEqual([]);
    },
  );
});

describe("cleanText", () => {
  it("takes out what the server refuses and keeps lines and tabs", () => {
    expect(cleanText("  a\r\nb\rc\td\u0000\u0007\u007f\u0085 ")).toBe("a\nb\nc\td");
  });
});

describe("countCharacters", () => {
  it("counts as the server does", () => {
    expect(countCharacters("pé😊")).toBe(3);
  });
});

describe("showSize", () => {
  it("is for people", () => {
    expect(showSize(2 << 20, "pt-BR")).toBe("2 MB");
    expect(showSize(1_600_000, "pt-BR")).toBe("1,5 MB");
    expect(showSize(186_400, "en")).toBe("182 KB");
    expect(showSize(12, "en")).toBe("12 B");
  });
});
