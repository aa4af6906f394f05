import type { Trigger } from "@aceno/contract";
import { Switch } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { PlaceLink } from "@/features/admin/place.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import { sentence } from "./sentence.ts";
import classes from "./trigger.module.css";
import { useNames } from "./use-names.ts";

const counted = ["evaluated", "fired", "shown", "accepted"] as const;

/** All rules in the order in which they have their turn. */
export function TriggerList({ triggers }: { triggers: readonly Trigger[] }) {
  const { t } = useTranslation("trigger");
  if (triggers.length === 0) return <p className={classes.none}>{t("none")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={classes.frame} tabIndex={0} aria-label={t("list.name")}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t("list.active")}</th>
            <th scope="col">{t("list.name")}</th>
            <th scope="col" className={classes.number}>
              {t("list.priority")}
            </th>
            {counted.map((name) => (
              <th key={name} scope="col" className={classes.number} title={t(`list.${name}_hint`)}>
                {t(`list.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {triggers.map((trigger) => (
            <Line key={trigger.id} trigger={trigger} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Line({ trigger }: { trigger: Trigger }) {
  const { t } = useTranslation("trigger");
  const { t: common } = useTranslation();
  const names = useNames();
  const queries = useQueryClient();
  const toggle = useMutation({
    mutationFn: (active: boolean) => api.triggers.update(trigger.id, { active }),
    onError: (error) => void notify({ tone: "error", message: explain(error, common) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["triggers"] }),
  });
  const number = new Intl.NumberFormat(currentLocale());
  return (
    <tr data-off={!trigger.active || undefined}>
      <td>
        <Switch
          aria-label={t("list.switch", { name: trigger.name })}
          checked={toggle.isPending ? toggle.variables : trigger.active}
          onChange={(event) => toggle.mutate(event.currentTarget.checked)}
        />
      </td>
      <td className={classes.rule}>
        <PlaceLink page="triggers" item={trigger.id} className={classes.name}>
          {trigger.name}
        </PlaceLink>
        <p>{sentence(trigger, names)}</p>
      </td>
      <td className={classes.number}>{trigger.priority}</td>
      {counted.map((name) => (
        <td key={name} className={classes.number}>
          {number.format(trigger.counters[name])}
        </td>
      ))}
    </tr>
  );
}
