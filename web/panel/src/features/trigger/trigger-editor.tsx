import { Problem, type Trigger } from "@aceno/contract";
import { Alert, Button, NumberInput, SegmentedControl, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount } from "@/app/services.tsx";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { usePlace } from "@/features/admin/place.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import { ActionFields } from "./action-fields.tsx";
import { ConditionRow } from "./condition-row.tsx";
import { blank, type Draft, isTypable } from "./draft.ts";
import { RemoveButton } from "./remove-button.tsx";
import { sentence } from "./sentence.ts";
import { TrialCard } from "./trial-card.tsx";
import classes from "./trigger.module.css";
import { useNames } from "./use-names.ts";

const mostConditions = 20;

interface EditorProps {
  /** The rule that is changed; a new one is made without it. */
  trigger?: Trigger;
  initial?: Draft;
  onReload?: () => Promise<unknown>;
}

/** One rule: what must hold, what is done then, how often; in plain words beside it, and tried on who is there. */
export function TriggerEditor({ trigger, initial = blank, onReload }: EditorProps) {
  const { t } = useTranslation("trigger");
  const { t: common } = useTranslation();
  const place = usePlace();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(initial);
  const [version, setVersion] = useState(trigger?.version);
  const names = useNames();
  const set = (changes: Partial<Draft>) => {
    save.reset();
    setDraft((before) => ({ ...before, ...changes }));
  };
  const save = useMutation({
    mutationFn: () =>
      trigger ? api.triggers.update(trigger.id, { ...draft, ...(version && { version }) }) : api.triggers.create(draft),
    onSuccess: async (saved) => {
      setVersion(saved.version);
      await queries.invalidateQueries({ queryKey: ["triggers"] });
      void notify({ id: "trigger", message: t("edit.saved") });
      place.go("triggers");
    },
  });
  const refused = refusals(save.error);
  const stale = save.error instanceof Problem && save.error.code === "stale";
  const general = save.isError && !stale && (refused.size === 0 || refused.has("conditions"));
  return (
    <form
      className={classes.editor}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <div className={classes.fields}>
        <Identification draft={draft} set={set} refused={refused} />
        <AdminCard title={t("edit.when")}>
          <SegmentedControl
            aria-label={t("edit.match")}
            value={draft.match}
            onChange={(match) => set({ match: match as Draft["match"] })}
            data={(["all", "any"] as const).map((value) => ({ value, label: t(`edit.match_${value}`) }))}
          />
          <ol className={classes.conditions}>
            {draft.conditions.map((condition, i) => (
              <ConditionRow
                // biome-ignore lint/suspicious/noArrayIndexKey: a condition is nothing but its place in the list
                key={i}
                number={i + 1}
                condition={condition}
                refused={(part) => refused.get(`conditions.${i}.${part}`)}
                onChange={(changed) => set({ conditions: draft.conditions.with(i, changed) })}
                {...(draft.conditions.length > 1 && {
                  onRemove: () => set({ conditions: draft.conditions.filter((_, at) => at !== i) }),
                })}
              />
            ))}
          </ol>
          <div>
            <Button
              variant="default"
              leftSection={<IconPlus size={14} />}
              disabled={draft.conditions.length >= mostConditions}
              onClick={() => set({ conditions: [...draft.conditions, ...blank.conditions] })}
            >
              {t("edit.add")}
            </Button>
          </div>
        </AdminCard>
        <AdminCard title={t("edit.then")}>
          <ActionFields
            action={draft.action}
            refused={refused}
            onChange={(action) => set({ action, ...(action.kind === "lead" && { once: "visitor" }) })}
          />
        </AdminCard>
        <Frequency draft={draft} set={set} refused={refused} />
      </div>
      <aside className={classes.aside}>
        <p className={classes.sentence} aria-live="polite">
          {sentence(draft, names) ?? <span>{t("say.empty")}</span>}
        </p>
        <TrialCard draft={draft} ready={isTypable(draft)} />
        {general && (
          <Alert color="red" p="xs">
            {refused.get("conditions") ?? explain(save.error, common)}
          </Alert>
        )}
        {stale && (
          <Alert color="yellow" p="xs">
            {t("edit.stale")}{" "}
            <Button
              variant="subtle"
              size="compact-xs"
              onClick={() => void onReload?.().then(() => place.go("triggers"))}
            >
              {t("edit.reload")}
            </Button>
          </Alert>
        )}
        <div className={classes.row}>
          <Button type="submit" loading={save.isPending}>
            {t("edit.save")}
          </Button>
          <Button variant="default" onClick={() => place.go("triggers")}>
            {common("common.cancel")}
          </Button>
          {trigger && <RemoveButton trigger={trigger} />}
        </div>
      </aside>
    </form>
  );
}

/** What the server refused, by field: `conditions[1].values` of a schema and `conditions.1.values` of a rule are the same. */
export function refusals(error: unknown): ReadonlyMap<string, string> {
  if (!(error instanceof Problem)) return new Map();
  return new Map(error.fields.map(({ field, detail }) => [field.replace(/\[(\d+)\]/g, ".$1"), detail]));
}

interface PartProps {
  draft: Draft;
  set: (changes: Partial<Draft>) => void;
  refused: ReadonlyMap<string, string>;
}

function Identification({ draft, set, refused }: PartProps) {
  const { t } = useTranslation("trigger");
  return (
    <AdminCard title={t("edit.who")}>
      <TextInput
        label={t("edit.name")}
        description={t("edit.name_hint")}
        required
        maxLength={80}
        value={draft.name}
        error={refused.get("name")}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Textarea
        label={t("edit.description")}
        size="xs"
        rows={2}
        maxLength={400}
        value={draft.description}
        error={refused.get("description")}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <Switch
        label={t("edit.active")}
        description={t("edit.active_hint")}
        checked={draft.active}
        onChange={(event) => set({ active: event.currentTarget.checked })}
      />
    </AdminCard>
  );
}

function Frequency({ draft, set, refused }: PartProps) {
  const { t } = useTranslation("trigger");
  const zone = useAccount((state) => state.me.account.time_zone);
  const numeric = (name: "repeats" | "delay" | "priority", max: number) => (
    <NumberInput
      label={t(`edit.${name}`)}
      description={t(`edit.${name}_hint`)}
      min={0}
      max={max}
      allowDecimal={false}
      value={draft[name]}
      error={refused.get(name)}
      onChange={(value) => set({ [name]: Number(value) || 0 })}
    />
  );
  return (
    <AdminCard title={t("edit.how")}>
      <Select
        label={t("edit.once")}
        allowDeselect={false}
        disabled={draft.action.kind === "lead"}
        value={draft.once}
        data={(["visitor", "address", "every_time"] as const).map((value) => ({ value, label: t(`once.${value}`) }))}
        onChange={(once) => set({ once: once as Draft["once"] })}
      />
      {draft.once === "every_time" && numeric("repeats", 100)}
      {numeric("delay", 3600)}
      {numeric("priority", 100)}
      <Select
        label={t("edit.zone")}
        searchable
        clearable
        limit={80}
        placeholder={t("edit.zone_account", { zone })}
        value={draft.time_zone || null}
        error={refused.get("time_zone")}
        data={Intl.supportedValuesOf("timeZone")}
        onChange={(time_zone) => set({ time_zone: time_zone ?? "" })}
      />
    </AdminCard>
  );
}
