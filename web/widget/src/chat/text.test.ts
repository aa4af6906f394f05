import { describe, expect, it } from "vitest";
import { cleanText, countCharacters, showSize } from "./text";

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
