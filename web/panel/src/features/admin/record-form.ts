import { Problem } from "@aceno/contract";
import { type FormValidateInput, useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { useRef } from "react";
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
  const saved = useRef(false);
  const mutation = useMutation({
    mutationFn: save,
    onSuccess: (record, values) => {
      saved.current = true;
      void notify({ id: "saved", message: t("form.saved") });
      onSaved(record, values);
    },
    onError: (error) => {
      for (const [name, detail] of refusals(error)) if (name in initialValues) form.setFieldError(name, detail);
    },
  });
  const unsaved = () => form.isDirty() && !saved.current;
  useBlocker({
    shouldBlockFn: () => unsaved() && !window.confirm(t("form.leave")),
    enableBeforeUnload: unsaved,
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

/** What the server refused, by the form's field: allowed_domains[2] and texts.pt.title belong to their first part. */
function refusals(error: unknown): Map<string, string> {
  const found = new Map<string, string>();
  if (!(error instanceof Problem)) return found;
  for (const { field, detail } of error.fields) {
    const name = field.split(/[.[]/)[0] ?? field;
    found.set(name, found.has(name) ? `${found.get(name)} ${detail}` : detail);
  }
  return found;
}

function atFields(error: unknown, values: Record<string, unknown>): boolean {
  const names = [...refusals(error).keys()];
  return names.length > 0 && names.every((name) => name in values);
}
