import type { Language } from "@aceno/contract";
import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { changeLanguage, currentLanguage, languages } from "@/app/i18n/index.ts";
import { languageNames } from "@/app/i18n/names.ts";

export function LanguageSwitch() {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      aria-label={t("preferences.language")}
      value={currentLanguage()}
      onChange={(value) => void changeLanguage(value as Language)}
      data={languages.map((value) => ({ value, label: languageNames[value] }))}
    />
  );
}
