import type { TriggerTrial } from "@aceno/contract";
import { Alert, Button } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { Country } from "@/shared/country.tsx";
import { explain } from "@/shared/explain.ts";
import type { Draft } from "./draft.ts";
import classes from "./trigger.module.css";
import { refusals } from "./trigger-editor.tsx";

/** Whom the rule would reach among those on the site now. */
export function TrialCard({ draft, ready }: { draft: Draft; ready: boolean }) {
  const { t } = useTranslation("trigger");
  const { t: common } = useTranslation();
  // A name is not needed to try, but the server wants a whole rule.
  const trial = useMutation({ mutationFn: (tried: Draft) => api.triggers.try({ ...tried, name: tried.name || "?" }) });
  const fresh = trial.data && trial.variables === draft;
  return (
    <AdminCard title={t("try.title")}>
      <p className={classes.dim}>{t("try.intro")}</p>
      <div>
        <Button
          variant="default"
          leftSection={<IconUsersGroup size={15} />}
          loading={trial.isPending}
          disabled={!ready}
          onClick={() => trial.mutate(draft)}
        >
          {t("try.button")}
        </Button>
      </div>
      {trial.isError && trial.variables === draft && (
        <Alert color="red" p="xs">
          {[...refusals(trial.error).values()].join(" ") || explain(trial.error, common)}
        </Alert>
      )}
      <div role="status">{fresh && <Result trial={trial.data} />}</div>
    </AdminCard>
  );
}

function Result({ trial }: { trial: TriggerTrial }) {
  const { t } = useTranslation("trigger");
  const { reached, later, busy, of, on_page, visitors } = trial;
  const more = reached + later - visitors.length;
  return (
    <div className={classes.trial}>
      <b>{on_page ? t("try.reached_on_page", { reached, of }) : t("try.reached", { reached, of })}</b>
      {later > 0 && <span>{t("try.later", { count: later })}</span>}
      {busy > 0 && <span>{t("try.busy", { count: busy })}</span>}
      {visitors.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <ul className={classes.reached} tabIndex={0}>
          {visitors.map(({ visit_id, n, name, page_url, page_title, country, city, when }) => (
            <li key={visit_id}>
              <span>
                <Country code={country} /> {name || t("try.visitor", { n })} {city && <small>{city}</small>}
              </span>
              <small title={page_url}>{page_title || page_url}</small>
              {when !== "now" && <em>{t(`try.when_${when}`)}</em>}
            </li>
          ))}
          {more > 0 && <li>{t("try.more", { count: more })}</li>}
        </ul>
      )}
      <small>{t("try.limits")}</small>
    </div>
  );
}
