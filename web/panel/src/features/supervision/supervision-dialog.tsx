import "@/app/i18n/supervision/index.ts";
import "@/app/theme/forms.ts";
import type { Supervision } from "@aceno/contract";
import { Alert, Button, Select } from "@mantine/core";
import { IconScreenShare } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount, useServerNow } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { formatElapsed } from "@/shared/format.ts";
import { inScope } from "./scope.ts";
import classes from "./supervision.module.css";
import { WatchPane } from "./watch-pane.tsx";

/** The window "Supervisão": what happens in the supervisor's scope, and the conversation that is watched (T021, T132–T143). */
export function SupervisionDialog() {
  const { t } = useTranslation("supervision");
  const { t: panel } = useTranslation();
  const desk = useDesk();
  const navigate = useNavigate();
  const version = useAccount((state) => state.queueVersion);
  const departments = useAccount((state) => state.departments);
  const agents = useAccount((state) => state.agents);
  const [department, setDepartment] = useState<string | null>(null);
  const [agent, setAgent] = useState<string | null>(desk.supervisedAgent);
  const query = useQuery({
    queryKey: ["supervision", version],
    queryFn: ({ signal }) => api.supervision.desk(signal),
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
    staleTime: 0,
  });
  const { data } = query;
  const shown = data ? inScope(data.conversations, department, agent) : [];
  const front = desk.supervised;
  return (
    <Dialog onClose={() => desk.show(null)} title={t("title")} size="min(1180px, 96vw)">
      <div className={classes.window} data-front={front !== null || undefined}>
        <section className={classes.side} aria-label={t("list")}>
          <p className={classes.intro}>{t("intro")}</p>
          <div className={classes.filters}>
            <Select
              label={t("department")}
              placeholder={t("all_departments")}
              clearable
              data={choices(departments, new Set(data?.conversations.map((each) => each.department_id)))}
              value={department}
              onChange={setDepartment}
            />
            <Select
              label={t("agent")}
              placeholder={t("everyone")}
              clearable
              searchable
              data={choices(agents, new Set(data?.agent_ids))}
              value={agent}
              onChange={setAgent}
            />
          </div>
          {query.isError && (
            <Alert color="red" p="xs">
              {t("failed")} {explain(query.error, panel)}{" "}
              <Button variant="subtle" size="compact-xs" onClick={() => void query.refetch()}>
                {panel("common.retry")}
              </Button>
            </Alert>
          )}
          {!data && !query.isError && <p role="status">{panel("common.loading")}</p>}
          {data && shown.length === 0 && <p className={classes.empty}>{t("empty")}</p>}
          <ul className={classes.list}>
            {shown.map((each) => (
              <Row key={each.id} each={each} chosen={each.id === front} onChoose={() => desk.supervise(each.id)} />
            ))}
          </ul>
          {data?.more && <p className={classes.empty}>{t("more")}</p>}
          <Button
            variant="subtle"
            color="gray"
            className={classes.board}
            leftSection={<IconScreenShare size={15} />}
            onClick={() => {
              desk.show(null);
              void navigate({ to: "/wallboard" });
            }}
          >
            {t("board.open")}
          </Button>
        </section>
        <section className={classes.front} aria-live="off">
          {front ? <WatchPane key={front} id={front} /> : <p className={classes.choose}>{t("choose")}</p>}
        </section>
      </div>
    </Dialog>
  );
}

function choices(all: Readonly<Record<string, { id: string; name: string }>>, ids: ReadonlySet<string>) {
  return Object.values(all)
    .filter(({ id }) => ids.has(id))
    .map(({ id, name }) => ({ value: id, label: name }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

function Row({ each, chosen, onChoose }: { each: Supervision; chosen: boolean; onChoose: () => void }) {
  const { t } = useTranslation("supervision");
  const now = useServerNow();
  const department = useAccount((state) => state.departments[each.department_id]?.name ?? "—");
  const agent = useAccount((state) => (each.agent_id ? (state.agents[each.agent_id]?.name ?? "—") : null));
  const id = useId();
  const waits = each.state === "waiting" ? each.queue_entered_at : each.unanswered_since;
  return (
    <li>
      <button
        type="button"
        className={classes.row}
        data-chosen={chosen || undefined}
        data-waits={waits !== null || undefined}
        aria-pressed={chosen}
        aria-describedby={id}
        onClick={onChoose}
      >
        <span className={classes.name}>
          <span className={classes.dim}>#{each.number}</span> {each.visitor_name}
        </span>
        <span className={classes.time}>{formatElapsed(now - (each.joined_at ?? each.queue_entered_at))}</span>
        <span className={classes.about} id={id}>
          {department} · {agent ? t("with", { agent }) : t("waiting")}
        </span>
        <span className={classes.state}>
          {each.state === "waiting"
            ? t("waiting_since", { time: formatElapsed(now - each.queue_entered_at) })
            : each.unanswered_since !== null
              ? t("unanswered", { time: formatElapsed(now - each.unanswered_since) })
              : t("answered")}
        </span>
        {each.last_message && <span className={classes.last}>{each.last_message.text}</span>}
      </button>
    </li>
  );
}
