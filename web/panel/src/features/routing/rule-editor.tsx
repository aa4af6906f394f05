import { Problem, type RoutingRule } from "@aceno/contract";
import { Alert, Button, SegmentedControl, Select, Switch, TagsInput, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount } from "@/app/services.tsx";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { usePlace } from "@/features/admin/place.tsx";
import classes from "@/features/trigger/trigger.module.css";
import { refusals } from "@/features/trigger/trigger-editor.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import { ConditionRow } from "./condition-row.tsx";
import { RemoveRule } from "./remove-rule.tsx";
import { blank, blankCondition, bodyOf, type Draft, limits } from "./rule.ts";
import { ruleSentence } from "./rule-sentence.ts";
import { useNames } from "./use-names.ts";

interface EditorProps {
  /** The rule that is changed; a new one is made without it. */
  rule?: RoutingRule;
  initial?: Draft;
  onReload?: () => Promise<unknown>;
}

/** One rule: what must hold, what it changes; in plain words beside it. */
export function RuleEditor({ rule, initial = blank, onReload }: EditorProps) {
  const { t } = useTranslation("routing");
  const { t: common } = useTranslation();
  const place = usePlace();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(initial);
  const names = useNames();
  const save = useMutation({
    mutationFn: () =>
      rule
        ? api.routing.update(rule.id, { ...bodyOf(draft), version: rule.version })
        : api.routing.create(bodyOf(draft)),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["routing-rules"] });
      void notify({ id: "routing-rule", message: t("edit.saved") });
      place.go("routing");
    },
  });
  const set = (changes: Partial<Draft>) => {
    save.reset();
    setDraft((before) => ({ ...before, ...changes }));
  };
  const refused = refusals(save.error);
  const stale = save.error instanceof Problem && save.error.code === "stale";
  return (
    <form
      className={classes.editor}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <div className={classes.fields}>
        <AdminCard title={t("edit.who")}>
          <TextInput
            label={t("edit.name")}
            description={t("edit.name_hint")}
            required
            maxLength={limits.name}
            value={draft.name}
            error={refused.get("name")}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <Switch
            label={t("edit.active")}
            checked={draft.active}
            onChange={(event) => set({ active: event.currentTarget.checked })}
          />
        </AdminCard>
        <AdminCard title={t("edit.when")}>
          <Conditions draft={draft} set={set} refused={refused} />
        </AdminCard>
        <AdminCard title={t("edit.then")}>
          <Effects draft={draft} set={set} refused={refused} />
        </AdminCard>
      </div>
      <aside className={classes.aside}>
        <p className={classes.sentence} aria-live="polite">
          {ruleSentence(draft, names) ?? <span>{t("say.empty")}</span>}
        </p>
        {save.isError && !stale && (refused.size === 0 || refused.has("conditions")) && (
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
              onClick={() => void onReload?.().then(() => place.go("routing"))}
            >
              {t("edit.reload")}
            </Button>
          </Alert>
        )}
        <div className={classes.row}>
          <Button type="submit" loading={save.isPending}>
            {t("edit.save")}
          </Button>
          <Button variant="default" onClick={() => place.go("routing")}>
            {common("common.cancel")}
          </Button>
          {rule && <RemoveRule rule={rule} />}
        </div>
      </aside>
    </form>
  );
}

interface PartProps {
  draft: Draft;
  set: (changes: Partial<Draft>) => void;
  refused: ReadonlyMap<string, string>;
}

function Conditions({ draft, set, refused }: PartProps) {
  const { t } = useTranslation("routing");
  return (
    <>
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
          disabled={draft.conditions.length >= limits.conditions}
          onClick={() => set({ conditions: [...draft.conditions, blankCondition] })}
        >
          {t("edit.add")}
        </Button>
      </div>
    </>
  );
}

function Effects({ draft, set, refused }: PartProps) {
  const { t } = useTranslation("routing");
  const agents = useAccount((state) => state.agents);
  const known = new Set(Object.values(agents).flatMap((agent) => (agent.active ? agent.skills : [])));
  const unknown = draft.skills.filter((skill) => !known.has(skill.toLowerCase()));
  return (
    <>
      <Select
        label={t("edit.priority")}
        description={t("edit.priority_hint")}
        placeholder={t("edit.priority_none")}
        clearable
        value={draft.priority === null ? null : `${draft.priority}`}
        error={refused.get("priority")}
        data={Array.from({ length: limits.priority + 1 }, (_, i) => `${i}`)}
        onChange={(value) => set({ priority: value === null ? null : Number(value) })}
      />
      <TagsInput
        size="xs"
        label={t("edit.skills")}
        description={t("edit.skills_hint")}
        data={[...known].sort()}
        maxTags={limits.skills}
        maxLength={limits.skill}
        acceptValueOnBlur
        value={draft.skills}
        error={refused.get("skills")}
        onChange={(skills) => set({ skills })}
      />
      {unknown.length > 0 && (
        <Alert color="yellow" p="xs">
          {t("edit.skills_unknown", { skills: unknown.join(", ") })}
        </Alert>
      )}
    </>
  );
}
