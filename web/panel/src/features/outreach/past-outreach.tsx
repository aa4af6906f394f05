import "@/app/i18n/outreach/index.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount, useServices } from "@/app/services.tsx";
import { formatMoment, formatTime } from "@/shared/format.ts";
import classes from "./outreach.module.css";

/** What was sent to a visitor, in this visit and before, live. */
export function PastOutreach({ visitor }: { visitor: string }) {
  const { t } = useTranslation("outreach");
  const { live } = useServices();
  const queries = useQueryClient();
  const agents = useAccount((state) => state.agents);
  const query = useQuery({
    queryKey: ["outreach", "past", visitor],
    queryFn: ({ signal }) => api.outreach.past(visitor, signal),
  });
  useEffect(
    () =>
      live.onEvent((event) => {
        if (event.kind === "outreach.changed" && event.payload.delivery.visitor_id === visitor)
          void queries.invalidateQueries({ queryKey: ["outreach", "past", visitor] });
      }),
    [live, queries, visitor],
  );
  const all = query.data?.deliveries ?? [];
  if (all.length === 0) return null;
  const locale = currentLocale();
  return (
    <section className={classes.past} aria-label={t("past")}>
      <h3>{t("past")}</h3>
      <ul>
        {all.map((each) => {
          const what = each.template_name || each.url || t(`kinds.${each.kind}`);
          const by = each.agent_id ? agents[each.agent_id]?.name : t("by_trigger");
          return (
            <li key={each.id}>
              <time dateTime={new Date(each.queued_at).toISOString()} title={formatMoment(each.queued_at, locale)}>
                {formatTime(each.queued_at, locale)}
              </time>
              <span title={[t(`kinds.${each.kind}`), what, by].filter(Boolean).join(" · ")}>{what}</span>
              <em>{t(`states.${each.state}`)}</em>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
