import "@/app/theme/forms.ts";
import { Alert, Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount, useServerNow } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { Avatar } from "@/shared/avatar.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { formatElapsed } from "@/shared/format.ts";
import classes from "./queue.module.css";

/** The window "Atendimentos": how many wait, how many are attended, who is next (T063–T065). */
export function QueueDialog() {
  const { t } = useTranslation();
  const desk = useDesk();
  const version = useAccount((state) => state.queueVersion);
  const queue = useQuery({
    queryKey: ["queue", version],
    queryFn: ({ signal }) => api.queue.status(signal),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
    staleTime: 0,
  });
  const departments = useAccount((state) => state.departments);
  const agents = useAccount((state) => state.agents);
  const me = useAccount((state) => state.me.agent.id);
  const status = queue.data;
  const next = status?.waiting.find((entry) => entry.conversation_id === status.next?.conversation_id);
  return (
    <Dialog onClose={() => desk.show(null)} title={t("queue.title")} size="lg">
      {queue.isError && (
        <Alert color="red" p="xs" mb="sm">
          {t("queue.failed")} {explain(queue.error, t)}{" "}
          <Button variant="subtle" size="compact-xs" onClick={() => void queue.refetch()}>
            {t("common.retry")}
          </Button>
        </Alert>
      )}
      {!status && !queue.isError && <p role="status">{t("common.loading")}</p>}
      {status && (
        <div className={classes.parts}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t("queue.department")}</th>
                <th scope="col" data-number>
                  {t("queue.waiting")}
                </th>
                <th scope="col" data-number>
                  {t("queue.longest")}
                </th>
                <th scope="col" data-number>
                  {t("queue.active")}
                </th>
              </tr>
            </thead>
            <tbody>
              {status.departments.map((row) => {
                const department = departments[row.department_id];
                return (
                  <tr key={row.department_id} data-waiting={row.waiting > 0 || undefined}>
                    <td>
                      {department?.name ?? "—"}
                      {department && !department.online && (
                        <span className={classes.note}> · {t("queue.unattended")}</span>
                      )}
                    </td>
                    <td data-number data-strong>
                      {row.waiting}
                    </td>
                    <td data-number>{row.longest_since === null ? "—" : <Since at={row.longest_since} />}</td>
                    <td data-number>{row.active}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>

          <p className={classes.next}>
            {next ? (
              <Next
                name={next.visitor_name}
                number={`#${next.number}`}
                department={departments[next.department_id]?.name ?? "—"}
                since={next.queue_entered_at}
              />
            ) : (
              t("queue.nobody_waiting")
            )}{" "}
            <span className={classes.note}>{t("queue.next_rule")}</span>
          </p>

          {status.waiting.length > 0 && (
            <table className={classes.table}>
              <thead>
                <tr>
                  <th scope="col">{t("queue.visitor")}</th>
                  <th scope="col">{t("queue.department")}</th>
                  <th scope="col" data-number>
                    {t("queue.since")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {status.waiting.map((entry) => (
                  <tr key={entry.conversation_id}>
                    <td>
                      <span className={classes.note}>#{entry.number}</span> {entry.visitor_name}
                    </td>
                    <td>{departments[entry.department_id]?.name ?? "—"}</td>
                    <td data-number>
                      <Since at={entry.queue_entered_at} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}

          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t("queue.agent")}</th>
                <th scope="col">{t("session.status.column")}</th>
                <th scope="col" data-number>
                  {t("queue.load")}
                </th>
              </tr>
            </thead>
            <tbody>
              {status.agents.map((row) => {
                const agent = agents[row.agent_id];
                const name = agent?.name ?? "—";
                return (
                  <tr key={row.agent_id}>
                    <td>
                      <span className={classes.agent}>
                        <Avatar name={name} size={20} status={row.present ? row.status : "offline"} />
                        {name}
                        {row.agent_id === me && <span className={classes.note}>({t("queue.you")})</span>}
                      </span>
                    </td>
                    <td>
                      {t(`session.status.${row.status}`)}
                      {!row.present && row.status !== "offline" && (
                        <span className={classes.note}> · {t("queue.absent")}</span>
                      )}
                    </td>
                    <td data-number data-full={row.active >= row.limit || undefined}>
                      {t("session.load", { active: row.active, limit: row.limit })}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </Dialog>
  );
}

function Since({ at }: { at: number }) {
  return formatElapsed(useServerNow() - at);
}

function Next({ since, ...who }: { name: string; number: string; department: string; since: number }) {
  const { t } = useTranslation();
  return t("queue.next_is", { ...who, time: formatElapsed(useServerNow() - since) });
}
