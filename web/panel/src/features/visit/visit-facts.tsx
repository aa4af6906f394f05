import type { VisitDetail } from "@aceno/contract";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount, useServerNow } from "@/app/services.tsx";
import { leadSource } from "@/features/grid/columns.tsx";
import { Country } from "@/shared/country.tsx";
import { formatElapsed, formatTime, languageName, pathOf } from "@/shared/format.ts";
import { MailLink } from "@/shared/linked.tsx";
import { Fact, Facts } from "./facts.tsx";

interface VisitFactsProps {
  visit: VisitDetail;
  gone: boolean;
  /** With name, e-mail and fields; without them where they already stand. */
  named?: boolean;
}

/** Everything that is known of a visit beside its pages (T031–T042). */
export function VisitFacts({ visit, gone, named = true }: VisitFactsProps) {
  const { t } = useTranslation();
  const locale = currentLocale();
  const site = useAccount((state) => state.sites[visit.site_id]?.name);
  const place = [visit.city, visit.region].filter(Boolean).join(", ");
  const technology = [visit.browser, visit.system, t(`grid.devices.${visit.device}`)].filter(Boolean).join(" · ");
  return (
    <Facts>
      <Fact name={t("visit.name")}>{named && visit.name}</Fact>
      <Fact name={t("visit.email")}>{named && visit.email && <MailLink address={visit.email} />}</Fact>
      <Fact name={t("visit.verified")}>{named && visit.verified_id}</Fact>
      <Fact name={t("visit.place")}>
        {visit.country || place ? (
          <>
            <Country code={visit.country} named={place === ""} /> {place}
          </>
        ) : (
          t("visit.unknown_place")
        )}
      </Fact>
      <Fact name={t("visit.local_time")}>{visit.time_zone && <LocalTime zone={visit.time_zone} />}</Fact>
      <Fact name={t("visit.ip")}>{visit.ip}</Fact>
      <Fact name={t("visit.technology")}>{technology}</Fact>
      <Fact name={t("preferences.language")}>{languageName(visit.language, locale)}</Fact>
      <Fact name={t("visit.screen")}>{visit.screen}</Fact>
      <Fact name={t("visit.origin")}>{visit.referrer_name || t(`grid.origins.${visit.referrer_kind}`)}</Fact>
      <Fact name={t("grid.cols.lead_source")}>{leadSource(visit, t)}</Fact>
      <Fact name={t("visit.referrer")}>{visit.referrer}</Fact>
      <Fact name={t("visit.campaign")}>
        {[visit.utm_campaign, visit.utm_source, visit.utm_medium].filter(Boolean).join(" · ")}
      </Fact>
      <Fact name={t("visit.entry")}>
        <span title={visit.entry_url}>{visit.entry_title || pathOf(visit.entry_url)}</span>
      </Fact>
      <Fact name={t("visit.stay")}>
        {[
          visit.visits > 0 && t("visit.visits", { count: visit.visits }),
          t("visit.pages", { count: visit.pages }),
          visit.conversations > 0 && t("visit.conversations", { count: visit.conversations }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </Fact>
      <Fact name={t("visit.time_on_site")}>{!gone && <Since at={visit.started_at} />}</Fact>
      <Fact name={t("visit.last_activity")}>{!gone && <Since at={visit.activity_at} />}</Fact>
      <Fact name={t("visit.site")}>{site}</Fact>
      {(named ? Object.entries(visit.fields) : []).map(([name, value]) => (
        <Fact key={name} name={name}>
          {String(value)}
        </Fact>
      ))}
    </Facts>
  );
}

function Since({ at }: { at: number }) {
  return formatElapsed(useServerNow() - at);
}

function LocalTime({ zone }: { zone: string }) {
  return formatTime(useServerNow(), currentLocale(), zone);
}
