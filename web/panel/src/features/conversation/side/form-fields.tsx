import { type FormField, type FormLanguage, longestOf, showDocument, wordsIn } from "@aceno/contract";
import { Checkbox, MultiSelect, Select, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { currentLanguage } from "@/app/i18n/index.ts";

interface FieldProps {
  field: FormField;
  value: unknown;
  error: string | undefined;
  onChange(value: unknown): void;
}

const kinds: Partial<Record<FormField["type"], object>> = {
  number: { inputMode: "decimal" },
  phone: { type: "tel", inputMode: "tel" },
  email: { type: "email", inputMode: "email" },
  date: { type: "date" },
  cpf: { inputMode: "numeric", placeholder: "000.000.000-00" },
  cnpj: { placeholder: "00.000.000/0000-00" },
};

/** One question of a form, by its type. */
export function FormFieldInput({ field, value, error, onChange }: FieldProps) {
  const { t } = useTranslation();
  const language: FormLanguage = currentLanguage();
  const common = {
    name: field.id,
    label: wordsIn(field.label, language),
    description: wordsIn(field.hint, language) || undefined,
    error,
  };
  const options = (field.options ?? []).map((option) => ({
    value: option.value,
    label: wordsIn(option.label, language),
  }));
  const text =
    typeof value === "string" ? showDocument(field.type, value) : typeof value === "number" ? String(value) : "";
  switch (field.type) {
    case "checkbox":
      return (
        <Checkbox
          {...common}
          required={field.required}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "choice":
      return (
        <Select
          {...common}
          withAsterisk={field.required}
          data={options}
          value={text || null}
          placeholder={t("side.choose")}
          clearable={!field.required}
          comboboxProps={{ withinPortal: true }}
          onChange={onChange}
        />
      );
    case "choices":
      return (
        <MultiSelect
          {...common}
          withAsterisk={field.required}
          data={options}
          value={Array.isArray(value) ? value : []}
          placeholder={t("side.choose")}
          onChange={onChange}
        />
      );
    case "long":
      return (
        <Textarea
          {...common}
          size="xs"
          withAsterisk={field.required}
          rows={3}
          maxLength={longestOf(field)}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          {...kinds[field.type]}
          withAsterisk={field.required}
          maxLength={longestOf(field)}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
