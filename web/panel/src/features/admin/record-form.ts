import { Problem } from "@aceno/contract";
import { type FormValidateInput, useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";

interface RecordFormOptions<V, R> {
  initialValues: V;
  validate?: FormValidateInput<V>;
  save: (values: V) => Promise<R>;
  /** The server has it; where to go from here. */
  onSaved: (record: R, values: V) => void;
}

/**
 * A form over one record. What the server refuses is shown at the field it names, else above the form; leaving with changes
 * that were not saved asks first.
 */
export function useRecordForm<V extends Record<string, unknown>, R>({
  initialValues,
  validate,
  save,
  onSaved,
}: RecordFormOptions<V, R>) {
  const { t } = useTranslation("admin");
  const { t: common } = useTranslation();
  const form = useForm<V>({ initialValues, validate });
  const mutation = useMutation({
    mutationFn: save,
    onSuccess: (record, values) => {
      form.resetDirty(values);
      void notify({ id: "saved", message: t("form.saved") });
      onSaved(record, values);
    },
    onError: (error) => {
      for (const [place, detail] of refusals(error, initialValues)) form.setFieldError(place, detail);
    },
  });
  useBlocker({
    shouldBlockFn: () => form.isDirty() && !window.confirm(t("form.leave")),
    enableBeforeUnload: () => form.isDirty(),
  });
  return {
    form,
    saving: mutation.isPending,
    /** What the server refused last. */
    error: mutation.error,
    /** What has no field to stand at. */
    fault: mutation.isError && !atFields(mutation.error, initialValues) ? explain(mutation.error, common) : null,
    submit: form.onSubmit((values) => mutation.mutate(values)),
  };
}

/**
 * What the server refused, by where the form shows it: texts.pt.title when there is such a value, else the part that has a
 * field, as allowed_domains for allowed_domains[2]. What has none is left out.
 */
function refusals(error: unknown, values: Record<string, unknown>): Map<string, string> {
  const found = new Map<string, string>();
  if (!(error instanceof Problem)) return found;
  for (const { field, detail } of error.fields) {
    const place = placeOf(field, values);
    if (place === "") continue;
    found.set(place, found.has(place) ? `${found.get(place)} ${detail}` : detail);
  }
  return found;
}

function placeOf(field: string, values: Record<string, unknown>): string {
  const path: string[] = [];
  let value: unknown = values;
  for (const part of field.split(/[.[]/)) {
    if (typeof value !== "object" || value === null || Array.isArray(value) || !(part in value)) break;
    path.push(part);
    value = (value as Record<string, unknown>)[part];
  }
  return path.join(".");
}

function atFields(error: unknown, values: Record<string, unknown>): boolean {
  return (
    error instanceof Problem && error.fields.length > 0 && error.fields.every(({ field }) => placeOf(field, values))
  );
}
