import { describe, expect, it } from "vitest";
import { acceptAttribute, refuseFile, textLength } from "./attachments.ts";

const limits = { text: 5000, file_bytes: 2_097_152, file_types: ["png", "pdf"] };

describe("refuseFile", () => {
  it.each([
    [{ name: "foto.png", size: 2_097_152 }, null],
    [{ name: "FOTO.PNG", size: 9 }, null],
    [{ name: "foto.png", size: 2_097_153 }, "file_too_large"],
    [{ name: "foto.png", size: 0 }, "file_empty"],
    [{ name: "foto.png.exe", size: 9 }, "file_type"],
    [{ name: "png", size: 9 }, "file_type"],
  ])("%o", (file, refusal) => expect(refuseFile(file, limits)).toBe(refusal));
});

it("offers the endings to the file field", () => {
  expect(acceptAttribute(limits)).toBe(".png,.pdf");
});

it("counts characters, not halves", () => {
  expect(textLength("olá 😊")).toBe(5);
});
