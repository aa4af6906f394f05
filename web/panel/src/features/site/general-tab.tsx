import "@/app/i18n/admin/index.ts";
import type { Site } from "@aceno/contract";
import { SiteForm } from "./site-form.tsx";

/** What a site is: name, domains, language, whether it is on. */
export function GeneralTab({ site }: { site: Site }) {
  return <SiteForm site={site} />;
}
