import type { Language } from "@aceno/contract";
import { SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { languages } from "@/app/i18n/index.ts";
import { languageNames } from "@/app/i18n/names.ts";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import type { TemplateFormState } from "./template-form.tsx";
import classes from "./templates.module.css";
import { limits, spokenIn } from "./values.ts";

interface TextFieldsProps {
  form: TemplateFormState;
  language: Language;
  onLanguage: (language: Language) => void;
}

/** A card's words, one language at a time; the preview follows. */
export function TextFields({ form, language, onLanguage }: TextFieldsProps) {
  const { t } = useTranslation("templates");
  const spoken = spokenIn(form.values.texts);
  const faulty = (each: Language) => Object.keys(form.errors).some((place) => place.startsWith(`texts.${each}`));
  const mark = (each: Language) => (faulty(each) ? " !" : spoken.includes(each) ? " ✓" : "");
  const place = (part: "title" | "text" | "button") => `texts.${language}.${part}` as const;
  return (
    <AdminCard title={t("texts")}>
      <p className={classes.hint}>{t("texts_hint")}</p>
      <SegmentedControl
        aria-label={t("language")}
        value={language}
        data={languages.map((value) => ({ value, label: `${languageNames[value]}${mark(value)}` }))}
        onChange={(value) => onLanguage(value as Language)}
      />
      <TextInput
        key={place("title")}
        label={t("title")}
        maxLength={limits.title}
        {...form.getInputProps(place("title"))}
      />
      <Textarea
        key={place("text")}
        size="xs"
        label={t("text")}
        rows={3}
        maxLength={limits.text}
        {...form.getInputProps(place("text"))}
      />
      <TextInput
        key={place("button")}
        label={t("button")}
        description={t(`button_hint_${form.values.kind}`)}
        maxLength={limits.button}
        {...form.getInputProps(place("button"))}
      />
      {form.errors.texts && (
        <p className={classes.error} role="alert">
          {form.errors.texts}
        </p>
      )}
    </AdminCard>
  );
}
