import type { Supervision } from "@aceno/contract";
import { Alert, Button, Menu } from "@mantine/core";
import { IconEye, IconQuestionMark } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { explain } from "@/shared/explain.ts";
import classes from "./queue.module.css";
import { type Asked, asks, MenuButton, RowMenu } from "./row-menu.tsx";
import { Since } from "./since.tsx";
import { Unanswered } from "./unanswered.tsx";

const WhyDialog = lazy(() => import("./why-dialog.tsx").then((module) => ({ default: module.WhyDialog })));

/** The conversations in progress that the agent supervises; right click → Supervise (T141). */
export function ActiveTable() {
  const { t } = useTranslation();
  const desk = useDesk();
  const version = useAccount((state) => state.queueVersion);
  const departments = useAccount((state) => state.departments);
  const agents = useAccount((state) => state.agents);
  const [asked, setAsked] = useState<Asked<Supervision> | null>(null);
  const [why, setWhy] = useState<Supervision | null>(null);
  const query = useQuery({
    queryKey: ["supervision", version],
    queryFn: ({ signal }) => api.supervision.desk(signal),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
    staleTime: 0,
  });
  if (query.isError) {
    return (
      <Alert color="red" p="xs">
        {t("queue.failed")} {explain(query.error, t)}{" "}
        <Button variant="subtle" size="compact-xs" onClick={() => void query.refetch()}>
          {t("common.retry")}
        </Button>
      </Alert>
    );
  }
  if (!query.data) return <p role="status">{t("common.loading")}</p>;
  const active = query.data.conversations.filter(({ state }) => state === "active");
  if (active.length === 0) return <p className={classes.empty}>{t("queue.active_empty")}</p>;
  return (
    <div className={classes.scroll}>
      <table className={classes.table} data-testid="active">
        <thead>
          <tr>
            <th scope="col">{t("queue.active_visitor")}</th>
            <th scope="col">{t("queue.agent")}</th>
            <th scope="col" data-wide>
              {t("queue.department")}
            </th>
            <th scope="col" data-number>
              {t("queue.active_since")}
            </th>
            <th scope="col">{t("queue.active_turn")}</th>
            <td className={classes.slim} />
          </tr>
        </thead>
        <tbody>
          {active.map((each) => (
            <tr key={each.id} {...asks(each, setAsked)}>
              <td>
                <button type="button" className={classes.link} onClick={() => desk.supervise(each.id)}>
                  <span className={classes.note}>#{each.number}</span> {each.visitor_name}
                </button>
              </td>
              <td>{agents[each.agent_id ?? ""]?.name ?? "—"}</td>
              <td data-wide>{departments[each.department_id]?.name ?? "—"}</td>
              <td data-number>
                <Since at={each.joined_at ?? each.queue_entered_at} />
              </td>
              <td>
                <Unanswered since={each.unanswered_since} />
              </td>
              <td>
                <MenuButton row={each} name={each.visitor_name} onAsk={setAsked} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {asked && (
        <RowMenu asked={asked} name={asked.row.visitor_name} onClose={() => setAsked(null)}>
          <Menu.Item leftSection={<IconEye size={15} />} onClick={() => desk.supervise(asked.row.id)}>
            {t("queue.supervise")}
          </Menu.Item>
          <Menu.Item leftSection={<IconQuestionMark size={15} />} onClick={() => setWhy(asked.row)}>
            {t("queue.why")}
          </Menu.Item>
        </RowMenu>
      )}
      {why && (
        <Suspense fallback={null}>
          <WhyDialog id={why.id} number={why.number} name={why.visitor_name} onClose={() => setWhy(null)} />
        </Suspense>
      )}
    </div>
  );
}
