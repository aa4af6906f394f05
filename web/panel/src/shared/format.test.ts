import { describe, expect, it } from "vitest";
import {
  countryName,
  formatBytes,
  formatDay,
  formatElapsed,
  formatTime,
  formatTimeNear,
  initials,
  languageName,
  pathOf,
  safeHref,
} from "./format.ts";

describe("formatElapsed", () => {
  it.each([
    [-5_000, "0:00"],
    [7_999, "0:07"],
    [761_000, "12:41"],
    [3_723_000, "1:02:03"],
    [86_400_000 * 2 + 3 * 3_600_000, "2 d 3 h"],
  ])("%d ms is %s", (ms, text) => expect(formatElapsed(ms)).toBe(text));
});

describe("formatTimeNear", () => {
  const now = new Date(2026, 10, 22, 0, 30).getTime();
  it.each([
    [new Date(2026, 10, 22, 0, 1), "00:01"],
    [new Date(2026, 10, 21, 23, 59), "21/11, 23:59"],
    [new Date(2025, 11, 31, 23, 59), "31/12/2025, 23:59"],
  ])("%s", (at, text) => expect(formatTimeNear(at.getTime(), now, "pt-BR")).toBe(text));
});

describe("formatDay", () => {
  const now = new Date(2026, 10, 22, 15, 0).getTime();
  const words = { today: "Hoje", yesterday: "Ontem" };
  it("says today and yesterday", () => {
    expect(formatDay(new Date(2026, 10, 22, 0, 1).getTime(), now, "pt-BR", words)).toBe("Hoje");
    expect(formatDay(new Date(2026, 10, 21, 23, 59).getTime(), now, "pt-BR", words)).toBe("Ontem");
    expect(formatDay(new Date(2026, 10, 20, 12, 0).getTime(), now, "pt-BR", words)).toContain("20 de novembro");
  });
});

describe("places and people", () => {
  it("names countries and languages, and keeps what it does not know", () => {
    expect(countryName("br", "pt-BR")).toBe("Brasil");
    expect(countryName("??", "pt-BR")).toBe("??");
    expect(languageName("pt-BR", "en")).toBe("Brazilian Portuguese");
    expect(languageName("", "en")).toBe("");
  });

  it("takes two letters of a name", () => {
    expect(initials("Ana Maria Nunes")).toBe("AN");
    expect(initials("  ana ")).toBe("AN");
    expect(initials("")).toBe("?");
  });

  it("tells the time elsewhere, and nothing for an unknown zone", () => {
    const noon = Date.UTC(2026, 5, 1, 12, 0);
    expect(formatTime(noon, "pt-BR", "America/Sao_Paulo")).toBe("09:00");
    expect(formatTime(noon, "pt-BR", "Nowhere/City")).toBe("");
  });
});

it("formats sizes", () => {
  expect(formatBytes(312, "pt-BR")).toBe("312 B");
  expect(formatBytes(12_300, "pt-BR")).toBe("12 KB");
  expect(formatBytes(1_500_000, "pt-BR")).toBe("1,4 MB");
});

describe("addresses", () => {
  it("shows the readable path", () => {
    expect(pathOf("https://loja.com/p/t%C3%AAnis?cor=azul")).toBe("/p/tênis?cor=azul");
    expect(pathOf("not an address")).toBe("not an address");
    expect(pathOf("https://loja.com/%E0%A4%A")).toBe("/%E0%A4%A");
  });

  it("links only to http and https", () => {
    expect(safeHref("javascript:alert(1)")).toBeNull();
    expect(safeHref("data:text/html,x")).toBeNull();
    expect(safeHref("https://a.com")).toBe("https://a.com/");
  });
});
