import type { Department, QueueAgent, QueueStatus } from "@aceno/contract";
import { useTranslation } from "react-i18next";
import type { Presence } from "@/app/live/state.ts";
import { useAccount, useServerNow } from "@/app/services.tsx";
import { Avatar } from "@/shared/avatar.tsx";
import { formatElapsed } from "@/shared/format.ts";
import classes from "./queue.module.css";

type Departments = Readonly<Record<string, Department>>;

/** Per department: how many wait, the longest wait, how many are attended. */
export function DepartmentTable({ status, departments }: { status: QueueStatus; departments: Departments }) {
  const { t } = useTranslation();
  return (
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
                {department?.online === false && <span className={classes.note}> · {t("queue.unattended")}</span>}
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
  );
}

/** Who is attended next, and by which rule. */
export function NextLine({ status, departments }: { status: QueueStatus; departments: Departments }) {
  const { t } = useTranslation();
  const now = useServerNow();
  const next = status.waiting.find((entry) => entry.conversation_id === status.next?.conversation_id);
  return (
    <p className={classes.next}>
      {next
        ? t("queue.next_is", {
            name: next.visitor_name,
            number: `#${next.number}`,
            department: departments[next.department_id]?.name ?? "—",
            time: formatElapsed(now - next.queue_entered_at),
          })
        : t("queue.nobody_waiting")}{" "}
      <span className={classes.note}>{t("queue.next_rule")}</span>
    </p>
  );
}

export function WaitingTable({ status, departments }: { status: QueueStatus; departments: Departments }) {
  const { t } = useTranslation();
  if (status.waiting.length === 0) return null;
  return (
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
  );
}

/** Per agent: the status with what stands against it, and the load. */
export function AgentTable({ status }: { status: QueueStatus }) {
  const { t } = useTranslation();
  const agents = useAccount((state) => state.agents);
  const presence = useAccount((state) => state.presence);
  const me = useAccount((state) => state.me.agent.id);
  return (
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
          const name = agents[row.agent_id]?.name ?? "—";
          return (
            <tr key={row.agent_id}>
              <td>
                <span className={classes.agent}>
                  <Avatar
                    name={name}
                    photo={agents[row.agent_id]?.photo_url}
                    size={20}
                    status={row.present ? row.status : "offline"}
                  />
                  {name}
                  {row.agent_id === me && <span className={classes.note}>({t("queue.you")})</span>}
                </span>
              </td>
              <td>
                {t(`session.status.${row.status}`)}
                <span className={classes.note}>
                  {hindrances(row, presence[row.agent_id]).map((key) => ` · ${t(`queue.${key}`)}`)}
                </span>
              </td>
              <td data-number data-full={row.active >= row.limit || undefined}>
                {t("session.load", { active: row.active, limit: row.limit })}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** What keeps an agent from noticing a visitor, whatever the status says (B08). */
export function hindrances(
  agent: Pick<QueueAgent, "status" | "present">,
  presence: Presence | undefined,
): ("absent" | "asleep" | "no_sound")[] {
  if (agent.status === "offline") return [];
  if (!agent.present) return ["absent"];
  const found: ("asleep" | "no_sound")[] = [];
  if (presence?.awake === false) found.push("asleep");
  if (presence?.sound === false && !presence.quiet) found.push("no_sound");
  return found;
}

function Since({ at }: { at: number }) {
  return formatElapsed(useServerNow() - at);
}
