import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount } from "@/app/services.tsx";
import type { Names } from "./sentence.ts";

/** What was prepared to be sent. */
export function useTemplates() {
  const { data } = useQuery({
    queryKey: ["outreach", "templates"],
    queryFn: ({ signal }) => api.outreach.templates(signal),
    staleTime: 0,
  });
  return data?.templates ?? [];
}

/** How the things that a rule names are called. */
export function useNames(): Names {
  const { t } = useTranslation("trigger");
  const sites = useAccount((state) => state.sites);
  const departments = useAccount((state) => state.departments);
  const templates = useTemplates();
  const locale = currentLocale();
  return useMemo(() => {
    const nameOf = (list: readonly { id: string; name: string }[]) => (id: string) =>
      list.find((each) => each.id === id)?.name ?? "…";
    return {
      t,
      locale,
      site: nameOf(Object.values(sites)),
      department: nameOf(Object.values(departments)),
      template: nameOf(templates),
    };
  }, [t, locale, sites, departments, templates]);
}
