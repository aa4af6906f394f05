import type { TriggerCondition } from "@aceno/contract";
import { ActionIcon, MultiSelect, NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useAccount } from "@/app/services.tsx";
import { byName } from "@/features/site/sites.ts";
import { countryCodes } from "@/shared/country-codes.ts";
import { aspects, days, devices, type Field, fields, isBare, type Operator, onField, referrerKinds } from "./fields.ts";
import { valueName } from "./sentence.ts";
import classes from "./trigger.module.css";
import { useNames } from "./use-names.ts";

interface RowProps {
  number: number;
  condition: TriggerCondition;
  /** What the server refused of a part: field, operator, key, values. */
  refused: (part: string) => string | undefined;
  onChange: (condition: TriggerCondition) => void;
  onRemove?: () => void;
}

const groups = ["page", "origin", "visit", "visitor", "moment", "behaviour"] as const;

/** One condition: what is looked at, how it is compared, and with what. */
export function ConditionRow({ number, condition, refused, onChange, onRemove }: RowProps) {
  const { t } = useTranslation("trigger");
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
      {field === "custom" && (
        <TextInput
          className={classes.key}
          aria-label={t("edit.key")}
          placeholder={t("edit.key")}
          required
          maxLength={40}
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
          onChange={(next) => onChange({ ...condition, operator: next as Operator })}
        />
      )}
      <div className={classes.value} data-shape={shape}>
        {!isBare(field) && <Value condition={condition} error={refused("values")} onChange={onChange} />}
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
  condition: TriggerCondition;
  error: string | undefined;
  onChange: (condition: TriggerCondition) => void;
}

function Value({ condition, error, onChange }: ValueProps) {
  const { t } = useTranslation("trigger");
  const { field, operator, values } = condition;
  const { shape, min, max } = aspects[field];
  const set = (next: string[]) => onChange({ ...condition, values: next });
  switch (shape) {
    case "number":
      return (
        <NumberInput
          aria-label={t("edit.value")}
          required
          allowDecimal={false}
          {...(min !== undefined && { min })}
          {...(max !== undefined && { max })}
          value={values[0] ?? ""}
          error={error}
          onChange={(value) => set(value === "" ? [] : [`${value}`])}
        />
      );
    case "truth":
      return (
        <Select
          aria-label={t("edit.value")}
          allowDeselect={false}
          value={values[0] ?? "yes"}
          error={error}
          data={(["yes", "no"] as const).map((value) => ({ value, label: t(value) }))}
          onChange={(value) => set([value ?? "yes"])}
        />
      );
    case "hours":
      return <Hours values={values} error={error} onChange={set} />;
    case "text":
      return (
        <TagsInput
          aria-label={t("edit.values")}
          size="xs"
          maxTags={50}
          acceptValueOnBlur
          splitChars={[]}
          value={values}
          error={error}
          description={operator.startsWith("matches") ? t("edit.pattern_hint") : t("edit.values_hint")}
          inputWrapperOrder={["input", "error", "description"]}
          onChange={set}
        />
      );
    default:
      return <Choices condition={condition} error={error} onChange={set} />;
  }
}

function Hours({
  values,
  error,
  onChange,
}: {
  values: string[];
  error: string | undefined;
  onChange: (next: string[]) => void;
}) {
  const { t } = useTranslation("trigger");
  const [from = "", to = ""] = values;
  return (
    <div className={classes.hours}>
      <TextInput
        type="time"
        aria-label={t("edit.from")}
        required
        value={from}
        error={error}
        onChange={(event) => onChange([event.currentTarget.value, to])}
      />
      <span>{t("edit.to")}</span>
      <TextInput
        type="time"
        aria-label={t("edit.to")}
        required
        value={to}
        error={error !== undefined}
        onChange={(event) => onChange([from, event.currentTarget.value])}
      />
    </div>
  );
}

function Choices({
  condition,
  error,
  onChange,
}: {
  condition: TriggerCondition;
  error: string | undefined;
  onChange: (next: string[]) => void;
}) {
  const { t } = useTranslation("trigger");
  const names = useNames();
  const sites = byName(useAccount((state) => state.sites));
  const { field, values } = condition;
  const all: Partial<Record<Field, readonly string[]>> = {
    country: countryCodes,
    site: sites.map(({ id }) => id),
    referrer_kind: referrerKinds,
    device: devices,
    day: days,
  };
  return (
    <MultiSelect
      aria-label={t("edit.values")}
      searchable={field === "country"}
      maxValues={50}
      value={values}
      error={error}
      data={(all[field] ?? []).map((value) => ({ value, label: valueName(field, value, names) }))}
      onChange={onChange}
    />
  );
}
