import "@/app/theme/forms.ts";
import { Problem, type QuickReply } from "@aceno/contract";
import { Alert, Button, Select, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount } from "@/app/services.tsx";
import { inOrder } from "@/features/department/departments-page.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import { type FieldName, fields, fill } from "./fill.ts";
import classes from "./quick-replies.module.css";

/** The server's limits. */
const longest = { title: 80, shortcut: 33, folder: 60, text: 5000 };

interface ReplyFormProps {
  /** Null for a new one. */
  reply: QuickReply | null;
  /** The agent's own, else the account's. */
  own: boolean;
  onDone: () => void;
}

/** One quick reply: title, shortcut, folder, text with what is filled in later, and who may use it. */
export function ReplyForm({ reply, own, onDone }: ReplyFormProps) {
  const { t } = useTranslation("quickreply");
  const { t: common } = useTranslation();
  const departments = useAccount((state) => state.departments);
  const area = useRef<HTMLTextAreaElement>(null);
  const form = useForm({
    initialValues: {
      title: reply?.title ?? "",
      shortcut: reply?.shortcut ?? "",
      folder: reply?.folder ?? "",
      text: reply?.text ?? "",
      share: reply?.share ?? (own ? "nobody" : "everybody"),
      department_id: reply?.department_id ?? null,
    },
    validate: {
      title: (value) => (value.trim() === "" ? common("common.required") : null),
      text: (value) => (value.trim() === "" ? common("common.required") : null),
      department_id: (value, { share }) =>
        share === "department" && value === null ? common("common.required") : null,
    },
  });
  type Values = typeof form.values;
  const save = useMutation({
    mutationFn: ({ department_id, ...values }: Values) => {
      const body = { ...values, ...(values.share === "department" && department_id !== null && { department_id }) };
      return reply === null
        ? api.quickReplies.create({ ...body, own })
        : api.quickReplies.save(reply.id, { ...body, version: reply.version });
    },
    onSuccess: () => {
      void notify({ id: "saved", message: t("form.saved") });
      onDone();
    },
    onError: (error) => {
      if (!(error instanceof Problem)) return;
      for (const { field, detail } of error.fields) if (field in form.values) form.setFieldError(field, detail);
    },
  });
  const placed = save.error instanceof Problem && save.error.fields.some(({ field }) => field in form.values);
  const insert = (name: FieldName) => {
    const at = area.current?.selectionStart ?? form.values.text.length;
    const text = form.values.text;
    form.setFieldValue("text", `${text.slice(0, at)}{${name}}${text.slice(area.current?.selectionEnd ?? at)}`);
    area.current?.focus();
  };
  const shares = own ? (["nobody", "department", "everybody"] as const) : (["everybody", "department"] as const);
  return (
    <form className={classes.form} noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
      {save.isError && !placed && (
        <Alert color="red" p="xs" role="alert">
          {explain(save.error, common)}
        </Alert>
      )}
      <div className={classes.pair}>
        <TextInput
          label={t("form.title")}
          required
          maxLength={longest.title}
          data-autofocus
          {...form.getInputProps("title")}
        />
        <TextInput
          label={t("form.shortcut")}
          description={t("form.shortcut_hint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          leftSection="/"
          maxLength={longest.shortcut}
          {...form.getInputProps("shortcut")}
        />
      </div>
      <TextInput label={t("form.folder")} maxLength={longest.folder} {...form.getInputProps("folder")} />
      <Textarea
        ref={area}
        label={t("form.text")}
        required
        rows={5}
        maxLength={longest.text}
        {...form.getInputProps("text")}
      />
      <fieldset className={classes.chips}>
        <legend>{t("form.fields")}</legend>
        {fields.map((name) => (
          <Button key={name} variant="default" size="compact-xs" onClick={() => insert(name)}>
            {t(`fields.${name}`)}
          </Button>
        ))}
      </fieldset>
      <Preview text={form.values.text} />
      <div className={classes.pair}>
        <Select
          label={t("form.share")}
          allowDeselect={false}
          data={shares.map((value) => ({ value, label: t(`form.share_${value}`) }))}
          {...form.getInputProps("share")}
        />
        {form.values.share === "department" && (
          <Select
            label={t("form.department")}
            allowDeselect={false}
            data={inOrder(departments).map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps("department_id")}
          />
        )}
      </div>
      <div className={classes.foot}>
        <Button type="submit" loading={save.isPending}>
          {t("form.save")}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t("form.cancel")}
        </Button>
      </div>
    </form>
  );
}

/** The text with the names of what is filled in later. */
function Preview({ text }: { text: string }) {
  const { t } = useTranslation("quickreply");
  const values = Object.fromEntries(fields.map((name) => [name, `[${t(`fields.${name}`)}]`])) as Record<
    FieldName,
    string
  >;
  if (text.trim() === "") return null;
  return (
    <p className={classes.preview}>
      <small>{t("form.preview")}</small>
      {fill(text, values)}
    </p>
  );
}
