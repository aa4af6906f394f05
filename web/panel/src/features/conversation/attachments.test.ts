import { describe, expect, it } from "vitest";
import { refuseFile, textLength } from "./attachments.ts";

const limits = { text: 5000, file_bytes: 2_097_152, file_types: ["image/png", "application/pdf"] };

describe("refuseFile", () => {
  it.each([
    [{ size: 2_097_152, type: "image/png" }, null],
    [{ size: 2_097_153, type: "image/png" }, "file_too_large"],
    [{ size: 0, type: "image/png" }, "file_empty"],
    [{ size: 9, type: "application/x-msdownload" }, "file_type"],
    [{ size: 9, type: "" }, null],
  ])("%o", (file, refusal) => expect(refuseFile(file, limits)).toBe(refusal));
});

it("counts characters, not halves", () => {
  expect(textLength("olá 😊")).toBe(5);
});
