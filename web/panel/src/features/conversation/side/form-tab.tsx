import "@/app/theme/forms.ts";
import {
  askedIn,
  type Conversation,
  type FormField,
  type FormSheet,
  Problem,
  readAnswer,
  wordsIn,
} from "@aceno/contract";
import { Alert, Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLanguage, currentLocale } from "@/app/i18n/index.ts";
import { useAccount, usePermission, useServices } from "@/app/services.tsx";
import { explain } from "@/shared/explain.ts";
import { formatMoment } from "@/shared/format.ts";
import { notify } from "@/shared/notify.ts";
import { readStored, writeStored } from "@/shared/storage.ts";
import { Failed } from "./failed.tsx";
import { FormFieldInput } from "./form-fields.tsx";
import classes from "./side.module.css";

type Answers = Record<string, unknown>;

/** What the agent fills in for the house's own reports (T127). What is not saved yet stays with this browser. */
export function FormTab({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const { live } = useServices();
  const client = useQueryClient();
  const { id } = conversation;
  const query = useQuery({
    queryKey: ["form", id],
    queryFn: ({ signal }) => api.conversations.form(id, signal),
    staleTime: 0,
  });
  useEffect(
    () =>
      live.onEvent((event) => {
        if (
          event.kind === "form.saved" ||
          event.kind === "form.removed" ||
          (event.kind === "conversation.form_answered" && event.payload.conversation_id === id)
        )
          void client.invalidateQueries({ queryKey: ["form"] });
      }),
    [live, client, id],
  );
  if (!query.data) return <Failed query={query} />;
  if (!query.data.form) return <p className={classes.quiet}>{t("side.form_none")}</p>;
  const { form } = query.data;
  return <Sheet key={`${form.id} ${form.version}`} conversation={conversation} sheet={query.data} form={form} />;
}

interface SheetProps {
  conversation: Conversation;
  sheet: FormSheet;
  form: NonNullable<FormSheet["form"]>;
}

function Sheet({ conversation, sheet, form }: SheetProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const me = useAccount((state) => state.me);
  const mayReply = usePermission("conversation.reply");
  const { id } = conversation;
  const { answers: kept } = sheet;
  const fields = askedIn(form.fields as FormField[], conversation.department_id);
  const stored = Object.fromEntries((kept?.answers ?? []).map(({ field, value }) => [field, value]));
  const draft = useFormDraft(id);
  const answers: Answers = draft.answers ?? stored;
  const [errors, setErrors] = useState<Record<string, string>>({});
  const mine = mayReply && (conversation.agent_id === me.agent.id || me.permissions.includes("supervision.all"));
  const save = useMutation({
    mutationFn: () => api.conversations.fillIn(id, form.id, kept?.version ?? 0, clean(fields, answers)),
    onSuccess: (given) => {
      draft.set(null);
      client.setQueryData(["form", id], { form, answers: given });
      void notify({ id: "form", message: t("side.saved") });
    },
    onError: (error) => {
      if (!(error instanceof Problem)) return;
      setErrors(Object.fromEntries(error.fields.map(({ field, detail }) => [field.replace(/^answers\./, ""), detail])));
      if (error.code === "stale") void client.invalidateQueries({ queryKey: ["form", id] });
    },
  });
  const stale = save.error instanceof Problem && save.error.code === "stale";
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const found = faults(fields, answers, (code, limit) => t(`side.${code}`, { limit }));
    setErrors(found);
    const first = Object.keys(found)[0];
    if (first) event.currentTarget.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
    else save.mutate();
  };
  const intro = wordsIn(form.intro, currentLanguage());
  return (
    <form className={classes.stack} noValidate onSubmit={submit} aria-label={t("side.form_full")}>
      {intro && <p className={classes.quiet}>{intro}</p>}
      {form.mandatory && !kept && <p className={classes.quiet}>{t("side.form_mandatory")}</p>}
      {save.isError && Object.keys(errors).length === 0 && (
        <Alert color="red" p="xs" role="alert">
          {stale ? t("side.form_stale") : explain(save.error, t)}
        </Alert>
      )}
      {fields.map((field) => (
        <FormFieldInput
          key={field.id}
          field={field}
          value={answers[field.id]}
          error={errors[field.id]}
          onChange={(value) => draft.set({ ...answers, [field.id]: value })}
        />
      ))}
      <Signed kept={kept} />
      {mine && (
        <div className={classes.end}>
          <Button
            type="submit"
            size="compact-sm"
            loading={save.isPending}
            disabled={kept !== null && draft.answers === null}
          >
            {t("side.save")}
          </Button>
        </div>
      )}
    </form>
  );
}

function Signed({ kept }: { kept: FormSheet["answers"] }) {
  const { t } = useTranslation();
  const name = useAccount((state) => (kept?.agent_id ? (state.agents[kept.agent_id]?.name ?? "") : ""));
  if (!kept) return null;
  return (
    <p className={classes.quiet} role="status">
      {t("side.form_answered", { name, at: formatMoment(kept.changed_at, currentLocale()) })}
    </p>
  );
}

/** What says something, read as the server will. */
function clean(fields: FormField[], answers: Answers): Answers {
  const read: Answers = {};
  for (const field of fields) {
    const result = readAnswer(field, answers[field.id]);
    if ("value" in result && result.value !== null) read[field.id] = result.value;
  }
  return read;
}

function faults(
  fields: FormField[],
  answers: Answers,
  say: (code: "required", limit?: number) => string,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const field of fields) {
    const result = readAnswer(field, answers[field.id]);
    if ("fault" in result) found[field.id] = say(result.fault.code as "required", result.fault.limit);
  }
  return found;
}

/** Answers that are not saved yet survive a reload. */
function useFormDraft(conversation: string): { answers: Answers | null; set(answers: Answers | null): void } {
  const key = `aceno.form.${conversation}`;
  const [answers, setAnswers] = useState<Answers | null>(() => {
    try {
      return JSON.parse(readStored(key) ?? "null") as Answers | null;
    } catch {
      return null;
    }
  });
  return {
    answers,
    set: (next) => {
      setAnswers(next);
      writeStored(key, next && JSON.stringify(next));
    },
  };
}
