import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount } from "@/app/services.tsx";
import type { Names } from "./rule-sentence.ts";

/** How the things that a rule names are called. */
export function useNames(): Names {
  const { t } = useTranslation("routing");
  const sites = useAccount((state) => state.sites);
  const departments = useAccount((state) => state.departments);
  const locale = currentLocale();
  return useMemo(
    () => ({
      t,
      locale,
      site: (id) => sites[id]?.name ?? "…",
      department: (id) => departments[id]?.name ?? "…",
    }),
    [t, locale, sites, departments],
  );
}
