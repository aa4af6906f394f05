import type { RoutingCondition } from "@aceno/contract";
import { ActionIcon, MultiSelect, Select, TagsInput, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useAccount } from "@/app/services.tsx";
import { byName } from "@/features/site/sites.ts";
import { referrerKinds } from "@/features/trigger/fields.ts";
import classes from "@/features/trigger/trigger.module.css";
import { countryCodes } from "@/shared/country-codes.ts";
import { aspects, type Field, fields, groups, isNumeric, limits, type Operator, onField, onOperator } from "./rule.ts";
import { valueName } from "./rule-sentence.ts";
import { useNames } from "./use-names.ts";

interface RowProps {
  number: number;
  condition: RoutingCondition;
  /** What the server refused of a part: field, operator, key, values. */
  refused: (part: string) => string | undefined;
  onChange: (condition: RoutingCondition) => void;
  onRemove?: () => void;
}

/** One condition: what is looked at, how it is compared, and with what. */
export function ConditionRow({ number, condition, refused, onChange, onRemove }: RowProps) {
  const { t } = useTranslation("routing");
  const { field, operator } = condition;
  const { operators, shape } = aspects[field];
  return (
    <li className={classes.condition}>
      <Select
        className={classes.field}
        aria-label={t("edit.field")}
        searchable
        allowDeselect={false}
        value={field}
        error={refused("field")}
        data={groups.map((group) => ({
          group: t(`groups.${group}`),
          items: fields
            .filter((each) => aspects[each].group === group)
            .map((each) => ({ value: each, label: t(`fields.${each}`) })),
        }))}
        onChange={(next) => onChange(onField(condition, next as Field))}
      />
      {field === "field" && (
        <TextInput
          className={classes.key}
          aria-label={t("edit.key")}
          placeholder={t("edit.key")}
          required
          maxLength={limits.key}
          value={condition.key ?? ""}
          error={refused("key")}
          onChange={(event) => onChange({ ...condition, key: event.currentTarget.value })}
        />
      )}
      {operators.length > 1 && (
        <Select
          className={classes.operator}
          aria-label={t("edit.operator")}
          allowDeselect={false}
          value={operator}
          error={refused("operator")}
          data={operators.map((each) => ({ value: each, label: t(`operators.${each}`) }))}
          onChange={(next) => onChange(onOperator(condition, next as Operator))}
        />
      )}
      <div className={classes.value} data-shape={shape === "truth" ? shape : undefined}>
        <Value condition={condition} error={refused("values")} onChange={onChange} />
      </div>
      {onRemove && (
        <ActionIcon aria-label={t("edit.remove", { number })} onClick={onRemove}>
          <IconTrash size={15} />
        </ActionIcon>
      )}
    </li>
  );
}

interface ValueProps {
  condition: RoutingCondition;
  error: string | undefined;
  onChange: (condition: RoutingCondition) => void;
}

const hints = { text: "values_hint", address: "address_hint", language: "language_hint" } as const;

function Value({ condition, error, onChange }: ValueProps) {
  const { t } = useTranslation("routing");
  const { shape } = aspects[condition.field];
  const set = (values: string[]) => onChange({ ...condition, values });
  if (shape === "choice") return <Choices condition={condition} error={error} onChange={set} />;
  if (shape === "truth") {
    return (
      <Select
        aria-label={t("edit.value")}
        allowDeselect={false}
        value={condition.values[0] ?? "yes"}
        error={error}
        data={(["yes", "no"] as const).map((value) => ({ value, label: t(value) }))}
        onChange={(value) => set([value ?? "yes"])}
      />
    );
  }
  if (isNumeric(condition)) {
    return (
      <TextInput
        aria-label={t("edit.value")}
        inputMode="decimal"
        required
        maxLength={limits.value}
        value={condition.values[0] ?? ""}
        error={error}
        onChange={(event) => set(event.currentTarget.value === "" ? [] : [event.currentTarget.value])}
      />
    );
  }
  return (
    <TagsInput
      aria-label={t("edit.values")}
      size="xs"
      maxTags={limits.values}
      maxLength={limits.value}
      acceptValueOnBlur
      splitChars={[]}
      value={condition.values}
      error={error}
      description={condition.field === "field" ? t("edit.key_hint") : t(`edit.${hints[shape]}`)}
      inputWrapperOrder={["input", "error", "description"]}
      onChange={set}
    />
  );
}

interface ChoicesProps extends Omit<ValueProps, "onChange"> {
  onChange: (values: string[]) => void;
}

function Choices({ condition: { field, values }, error, onChange }: ChoicesProps) {
  const { t } = useTranslation("routing");
  const names = useNames();
  const sites = byName(useAccount((state) => state.sites));
  const departments = Object.values(useAccount((state) => state.departments));
  const all: Partial<Record<Field, readonly string[]>> = {
    country: countryCodes,
    site: sites.map(({ id }) => id),
    department: departments.map(({ id }) => id),
    referrer_kind: referrerKinds,
  };
  return (
    <MultiSelect
      aria-label={t("edit.values")}
      searchable={field === "country"}
      maxValues={limits.values}
      value={values}
      error={error}
      data={(all[field] ?? []).map((value) => ({ value, label: valueName(field, value, names) }))}
      onChange={onChange}
    />
  );
}
