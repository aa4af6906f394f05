import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type FormField, readAnswer, showDocument } from "./form.ts";

interface Row {
  name: string;
  field: { type: FormField["type"]; options?: string[] } & Partial<Omit<FormField, "type" | "options">>;
  given: unknown;
  value?: unknown;
  code?: string;
  limit?: number;
}

const table = new URL("../../../internal/form/testdata/answers.json", import.meta.url);
const rows = JSON.parse(readFileSync(table, "utf8")) as Row[];

/** x*5 stands for xxxxx. */
function repeated(given: unknown): unknown {
  const [, what = "", times] = (typeof given === "string" && /^(.*)\*(\d+)$/.exec(given)) || [];
  return times ? what.repeat(Number(times)) : given;
}

it.each(rows)("answers as the server: $name", ({ field, given, value = null, code, limit }) => {
  const asked: FormField = {
    id: "f",
    label: {},
    required: false,
    ...field,
    options: field.options?.map((each) => ({ value: each, label: {} })) ?? [],
  };
  const read = readAnswer(asked, repeated(given));
  if (code) expect(read).toEqual({ fault: limit === undefined ? { code } : { code, limit } });
  else expect(read).toEqual({ value });
});

it("writes documents with their marks", () => {
  expect(showDocument("cpf", "52998224725")).toBe("529.982.247-25");
  expect(showDocument("cnpj", "12ABC34501DE35")).toBe("12.ABC.345/01DE-35");
  expect(showDocument("short", "52998224725")).toBe("52998224725");
});
