import { Problem, type RoutingRule } from "@aceno/contract";
import { ActionIcon, Switch } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { PlaceLink } from "@/features/admin/place.tsx";
import classes from "@/features/trigger/trigger.module.css";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import own from "./routing.module.css";
import { bodyOf, draftOf, moved } from "./rule.ts";
import { ruleSentence } from "./rule-sentence.ts";
import { useNames } from "./use-names.ts";

interface ListProps {
  rules: readonly RoutingRule[];
}

/** All rules in the order in which they are asked; each can be moved and switched. */
export function RuleList({ rules }: ListProps) {
  const { t } = useTranslation("routing");
  const { t: common } = useTranslation();
  const queries = useQueryClient();
  const order = useMutation({
    mutationFn: (ids: string[]) => api.routing.order(ids),
    onSuccess: (answer) => queries.setQueryData(["routing-rules"], answer),
    onError: (error) => {
      const stale = error instanceof Problem && error.code === "stale";
      void notify({ tone: "error", message: stale ? t("ordered_stale") : explain(error, common) });
      void queries.invalidateQueries({ queryKey: ["routing-rules"] });
    },
  });
  const ids = rules.map(({ id }) => id);
  if (rules.length === 0) return <p className={classes.none}>{t("none")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={classes.frame} tabIndex={0} aria-label={t("list.label")}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t("list.active")}</th>
            <th scope="col">{t("list.rule")}</th>
            <th scope="col" className={classes.number}>
              {t("list.order")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule, i) => (
            <Line
              key={rule.id}
              rule={rule}
              first={i === 0}
              last={i === rules.length - 1}
              moving={order.isPending}
              onMove={(by) => order.mutate(moved(ids, rule.id, by))}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface LineProps {
  rule: RoutingRule;
  first: boolean;
  last: boolean;
  moving: boolean;
  onMove: (by: -1 | 1) => void;
}

function Line({ rule, first, last, moving, onMove }: LineProps) {
  const { t } = useTranslation("routing");
  const { t: common } = useTranslation();
  const names = useNames();
  const queries = useQueryClient();
  const toggle = useMutation({
    mutationFn: (active: boolean) =>
      api.routing.update(rule.id, { ...bodyOf({ ...draftOf(rule), active }), version: rule.version }),
    onError: (error) => void notify({ tone: "error", message: explain(error, common) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["routing-rules"] }),
  });
  return (
    <tr data-off={!rule.active || undefined}>
      <td>
        <Switch
          aria-label={t("list.switch", { name: rule.name })}
          checked={toggle.isPending ? toggle.variables : rule.active}
          onChange={(event) => toggle.mutate(event.currentTarget.checked)}
        />
      </td>
      <td className={own.rule}>
        <PlaceLink page="routing" item={rule.id} className={classes.name}>
          {rule.name}
        </PlaceLink>
        <p>{ruleSentence(rule, names)}</p>
      </td>
      <td className={classes.number}>
        <ActionIcon.Group>
          <ActionIcon
            variant="default"
            aria-label={t("list.up", { name: rule.name })}
            disabled={first || moving}
            onClick={() => onMove(-1)}
          >
            <IconArrowUp size={15} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label={t("list.down", { name: rule.name })}
            disabled={last || moving}
            onClick={() => onMove(1)}
          >
            <IconArrowDown size={15} />
          </ActionIcon>
        </ActionIcon.Group>
      </td>
    </tr>
  );
}
