import { MultiSelect, TagsInput } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";

/** The server's limits. */
const limits = { languages: 20, skills: 30, skill: 40 };

/** Languages offered in the list; any other that an agent has stays. */
const offered =
  "ar bg bn ca cs da de el en es et fa fi fr gl gn he hi hr hu id it ja ko lt lv ms nl no pl pt qu ro ru sk sl sr sv sw th tr uk vi zh".split(
    " ",
  );

interface WordsProps {
  hint: string;
  value?: string[];
  error?: React.ReactNode;
  onChange?: (value: string[]) => void;
}

export function LanguagesField({ hint, value = [], ...props }: WordsProps) {
  const { t } = useTranslation("agent");
  const locale = currentLocale();
  const known = value.join(" ");
  const data = useMemo(() => {
    const names = new Intl.DisplayNames(locale, { type: "language" });
    return [...new Set([...offered, ...known.split(" ").filter(Boolean)])]
      .map((code) => ({ value: code, label: names.of(code) ?? code }))
      .sort((a, b) => a.label.localeCompare(b.label, locale));
  }, [locale, known]);
  return (
    <MultiSelect
      label={t("languages")}
      description={hint}
      data={data}
      value={value}
      maxValues={limits.languages}
      searchable
      clearable
      hidePickedOptions
      {...props}
    />
  );
}

export function SkillsField({ hint, data, value = [], ...props }: WordsProps & { data: string[] }) {
  const { t } = useTranslation("agent");
  return (
    <TagsInput
      size="xs"
      label={t("skills")}
      description={hint}
      data={data}
      value={value}
      maxTags={limits.skills}
      maxLength={limits.skill}
      clearable
      {...props}
    />
  );
}
