import "@/app/theme/forms.ts";
import { type Conversation, Problem } from "@aceno/contract";
import { ActionIcon, Alert, Button, Checkbox, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useServices } from "@/app/services.tsx";
import { explain } from "@/shared/explain.ts";
import { tip } from "@/shared/tip.tsx";
import { ownFields, proven } from "./own-fields.ts";
import classes from "./side.module.css";

/** The server's limits. */
const longest = { name: 100, email: 254, phone: 40, fieldName: 60, value: 1000 };
const mostFields = 30;

type Value = string | boolean;

interface ContactFormProps {
  conversation: Conversation;
  /** What fields are called that were asked for by a form. */
  labels: Record<string, string>;
  onDone: () => void;
}

/** The visitor's contact data, to be corrected by an agent (T125). */
export function ContactForm({ conversation, labels, onDone }: ContactFormProps) {
  const { t } = useTranslation();
  const { live } = useServices();
  // As they were when the form was opened: whoever changed them since is not overwritten.
  const { current: was } = useRef(conversation.visitor);
  const [name, setName] = useState(was.name);
  const [email, setEmail] = useState(was.email);
  const [phone, setPhone] = useState(was.phone ?? "");
  const [fields, setFields] = useState<Record<string, Value>>(() => shown(was.fields));
  const save = useMutation({
    mutationFn: () =>
      api.conversations.correctVisitor(conversation.id, {
        version: was.version ?? 0,
        name,
        email,
        phone,
        fields: meant(fields, was.fields),
      }),
    onSuccess: (corrected) => {
      live.adopt(corrected);
      onDone();
    },
  });
  const refused = save.error instanceof Problem ? save.error : null;
  const at = (field: string) => refused?.fields.find((one) => one.field === field)?.detail;
  const placed = ["name", "email", "phone", ...Object.keys(fields).map((field) => `fields.${field}`)];
  const unplaced = save.isError && !refused?.fields.some(({ field }) => placed.includes(field));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className={classes.stack} noValidate onSubmit={submit} aria-label={t("side.contact")}>
      {unplaced && (
        <Alert color="red" p="xs" role="alert">
          {refused?.code === "stale" ? t("side.contact_stale") : explain(save.error, t)}
        </Alert>
      )}
      <TextInput
        label={t("side.contact_name")}
        value={name}
        maxLength={longest.name}
        error={at("name")}
        withAsterisk
        autoFocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t("side.contact_email")}
        type="email"
        value={email}
        maxLength={longest.email}
        error={at("email")}
        withAsterisk
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <TextInput
        label={t("side.contact_phone")}
        type="tel"
        value={phone}
        maxLength={longest.phone}
        error={at("phone")}
        onChange={(event) => setPhone(event.currentTarget.value)}
      />
      {Object.entries(fields).map(([field, value]) => (
        <OwnField
          key={field}
          name={labels[field] ?? field}
          value={value}
          error={at(`fields.${field}`)}
          onChange={(next) => setFields({ ...fields, [field]: next })}
          onRemove={() => setFields(Object.fromEntries(Object.entries(fields).filter(([other]) => other !== field)))}
        />
      ))}
      {Object.keys(fields).length < mostFields && (
        <NewField taken={[...Object.keys(fields), proven]} onAdd={(field) => setFields({ ...fields, [field]: "" })} />
      )}
      <p className={classes.quiet}>{t("side.contact_kept")}</p>
      <div className={classes.end}>
        <Button variant="default" size="compact-sm" onClick={onDone}>
          {t("common.cancel")}
        </Button>
        <Button type="submit" size="compact-sm" loading={save.isPending}>
          {t("side.save")}
        </Button>
      </div>
    </form>
  );
}

interface OwnFieldProps {
  name: string;
  value: Value;
  error: string | undefined;
  onChange: (value: Value) => void;
  onRemove: () => void;
}

function OwnField({ name, value, error, onChange, onRemove }: OwnFieldProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.own}>
      {typeof value === "boolean" ? (
        <Checkbox
          label={name}
          checked={value}
          error={error}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      ) : (
        <TextInput
          label={name}
          value={value}
          maxLength={longest.value}
          error={error}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
      <ActionIcon
        {...tip(t("side.contact_field_remove", { name }))}
        aria-label={t("side.contact_field_remove", { name })}
        onClick={onRemove}
      >
        <IconTrash size={14} />
      </ActionIcon>
    </div>
  );
}

function NewField({ taken, onAdd }: { taken: string[]; onAdd: (name: string) => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const twice = taken.includes(name.trim());
  const add = () => {
    if (name.trim() === "" || twice) return;
    onAdd(name.trim());
    setName("");
  };
  return (
    <div className={classes.own}>
      <TextInput
        label={t("side.contact_field")}
        placeholder={t("side.contact_field_name")}
        value={name}
        maxLength={longest.fieldName}
        error={twice && t("side.contact_field_twice")}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          add();
        }}
      />
      <Button variant="default" size="compact-sm" disabled={name.trim() === "" || twice} onClick={add}>
        {t("side.contact_field_add")}
      </Button>
    </div>
  );
}

function shown(fields: Record<string, unknown>): Record<string, Value> {
  return Object.fromEntries(
    ownFields(fields).map(([name, value]) => [name, typeof value === "boolean" ? value : String(value ?? "")]),
  );
}

/** What was a number stays one while it reads as one. */
function meant(fields: Record<string, Value>, was: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const number = typeof was[name] === "number" && value !== "" ? Number(value) : Number.NaN;
      return [name, Number.isFinite(number) ? number : value];
    }),
  );
}
