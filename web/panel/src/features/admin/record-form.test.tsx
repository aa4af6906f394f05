import { Problem } from "@aceno/contract";
import { TextInput } from "@mantine/core";
import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { renderPanel } from "@/app/testing-panel.tsx";
import "@/app/i18n/admin/index.ts";
import { useRecordForm } from "./record-form.ts";

interface Values extends Record<string, unknown> {
  name: string;
  domains: string[];
  texts: { pt: { title: string } };
}

function Probe({ save }: { save: (values: Values) => Promise<void> }) {
  const record = useRecordForm<Values, void>({
    initialValues: { name: "", domains: ["a", "b"], texts: { pt: { title: "" } } },
    save,
    onSaved: () => {},
  });
  return (
    <form onSubmit={record.submit} noValidate>
      <TextInput label="name" {...record.form.getInputProps("name")} />
      <TextInput label="title" {...record.form.getInputProps("texts.pt.title")} />
      <p data-testid="domains">{record.form.errors.domains}</p>
      <p data-testid="fault">{record.fault}</p>
      <button type="submit">save</button>
    </form>
  );
}

const refusal = (...fields: [string, string][]) =>
  new Problem({
    type: "",
    title: "",
    status: 422,
    code: "validation",
    detail: "Confira os campos.",
    fields: fields.map(([field, detail]) => ({ field, detail, code: "invalid" })),
  });

async function refuse(error: Problem) {
  await renderPanel(<Probe save={() => Promise.reject(error)} />);
  await userEvent.click(screen.getByRole("button", { name: "save" }));
}

it("shows a refusal at the field it names, also inside of a record and of a list", async () => {
  await refuse(refusal(["name", "Já existe."], ["texts.pt.title", "Longo demais."], ["domains[1]", "Não é domínio."]));
  expect(await screen.findByText("Já existe.")).toBeTruthy();
  expect(screen.getByLabelText("title").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByTestId("domains").textContent).toBe("Não é domínio.");
  expect(screen.getByTestId("fault").textContent).toBe("");
});

it("shows what names no field of the form above it", async () => {
  await refuse(refusal(["name", "Já existe."], ["elsewhere", "Não pode."]));
  expect(await screen.findByText("Já existe.")).toBeTruthy();
  expect(screen.getByTestId("fault").textContent).toBe("Confira os campos.");
});

it("asks before leaving with changes, not after they were saved, and again after the next change", async () => {
  const { router } = await renderPanel(<Probe save={() => Promise.resolve()} />);
  const ask = vi.spyOn(window, "confirm").mockReturnValue(false);
  const leave = () => act(() => router.navigate({ to: "/elsewhere" as "/" }));
  await userEvent.type(screen.getByLabelText("name"), "a");
  await leave();
  expect(ask).toHaveBeenCalledTimes(1);
  await userEvent.click(screen.getByRole("button", { name: "save" }));
  await leave();
  expect(ask).toHaveBeenCalledTimes(1);
  await userEvent.type(screen.getByLabelText("name"), "b");
  await leave();
  expect(ask).toHaveBeenCalledTimes(2);
  ask.mockRestore();
});
