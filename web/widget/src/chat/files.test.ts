import { describe, expect, it } from "vitest";
import { acceptAttribute, checkFile } from "./files";

const limits = { text: 1, file_bytes: 100, file_types: ["image/*", "application/pdf", ".txt", "csv"] };
const file = (name: string, type: string, size = 10) => ({ name, type, size });

describe("checkFile", () => {
  it.each([
    [file("a.png", "image/png"), null],
    [file("a.PDF", "application/pdf"), null],
    [file("a.TXT", ""), null],
    [file("a.csv", "text/csv;charset=utf-8"), null],
    [file("a.exe", "application/x-msdownload"), "file_type_refused"],
    [file("a.png", "image/png", 0), "file_empty"],
    [file("a.png", "image/png", 101), "file_too_large"],
    [file("a.png", "image/png", 100), null],
  ])("%o", (given, fault) => {
    expect(checkFile(given, limits)).toBe(fault);
  });

  it("leaves the types to the server when it names none", () => {
    expect(checkFile(file("a.xyz", ""), { ...limits, file_types: [] })).toBeNull();
  });
});

describe("acceptAttribute", () => {
  it("is what a file field understands", () => {
    expect(acceptAttribute(limits)).toBe("image/*,application/pdf,.txt,.csv");
  });
});
