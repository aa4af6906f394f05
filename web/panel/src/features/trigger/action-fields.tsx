import type { TriggerAction } from "@aceno/contract";
import { Select, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useAccount } from "@/app/services.tsx";
import classes from "./trigger.module.css";
import { useTemplates } from "./use-names.ts";

const kinds = ["invite", "promotion", "open", "message", "department", "tag", "lead"] as const;

interface ActionProps {
  action: TriggerAction;
  refused: ReadonlyMap<string, string>;
  onChange: (action: TriggerAction) => void;
}

/** What the rule does. */
export function ActionFields({ action, refused, onChange }: ActionProps) {
  const { t } = useTranslation("trigger");
  return (
    <div className={classes.action}>
      <Select
        label={t("edit.kind")}
        allowDeselect={false}
        value={action.kind}
        error={refused.get("action.kind")}
        data={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        onChange={(kind) => onChange({ kind: kind as TriggerAction["kind"] })}
      />
      <Target action={action} refused={refused} onChange={onChange} />
    </div>
  );
}

function Target({ action, refused, onChange }: ActionProps) {
  const { t } = useTranslation("trigger");
  const departments = Object.values(useAccount((state) => state.departments));
  switch (action.kind) {
    case "invite":
    case "promotion":
      return <Template action={action} refused={refused} onChange={onChange} />;
    case "message":
      return (
        <Textarea
          label={t("edit.text")}
          size="xs"
          required
          rows={3}
          maxLength={500}
          value={action.text ?? ""}
          error={refused.get("action.text")}
          onChange={(event) => onChange({ ...action, text: event.currentTarget.value })}
        />
      );
    case "department":
      return (
        <Select
          label={t("edit.department")}
          required
          value={action.department_id ?? null}
          error={refused.get("action.department_id")}
          data={departments.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(department_id) => onChange({ kind: action.kind, ...(department_id && { department_id }) })}
        />
      );
    case "tag":
      return (
        <TextInput
          label={t("edit.tag")}
          required
          maxLength={40}
          value={action.tag ?? ""}
          error={refused.get("action.tag")}
          onChange={(event) => onChange({ ...action, tag: event.currentTarget.value })}
        />
      );
    default:
      return null;
  }
}

function Template({ action, refused, onChange }: ActionProps) {
  const { t } = useTranslation("trigger");
  const templates = useTemplates().filter(({ kind }) => kind === action.kind);
  return (
    <Select
      label={t("edit.template")}
      required
      {...(templates.length === 0 && { description: t("edit.template_none") })}
      value={action.template_id ?? null}
      error={refused.get("action.template_id")}
      data={templates.map(({ id, name, active }) => ({
        value: id,
        label: active ? name : t("edit.template_inactive", { name }),
      }))}
      onChange={(template_id) => onChange({ kind: action.kind, ...(template_id && { template_id }) })}
    />
  );
}
