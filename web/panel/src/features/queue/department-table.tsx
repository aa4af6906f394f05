import type { QueueDepartment, QueueStatus, RouletteReason } from "@aceno/contract";
import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount } from "@/app/services.tsx";
import { formatElapsed } from "@/shared/format.ts";
import { tip } from "@/shared/tip.tsx";
import { formatEstimate } from "./estimate.ts";
import classes from "./queue.module.css";
import { isAble } from "./reasons.ts";
import { Since } from "./since.tsx";

/** Per department: how many wait and how long, how many are attended, and whom the roulette would ask next, and why (T063–T065). */
export function DepartmentTable({ status }: { status: QueueStatus }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<string | null>(null);
  const promised = status.departments.some(({ service_level }) => service_level !== null);
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
          <th scope="col" data-number data-wide {...tip(t("queue.newcomer_hint"))}>
            {t("queue.newcomer")}
          </th>
          <th scope="col" data-number>
            {t("queue.active")}
          </th>
          {promised && (
            <th scope="col" data-number data-wide>
              {t("queue.within")}
            </th>
          )}
          <th scope="col" data-wide>
            {t("queue.next_agent")}
          </th>
        </tr>
      </thead>
      <tbody>
        {status.departments.map((row) => {
          const opened = open === row.department_id;
          return (
            <Fragment key={row.department_id}>
              <DepartmentRow
                row={row}
                promised={promised}
                open={opened}
                onOpen={() => setOpen(opened ? null : row.department_id)}
              />
              {opened && (
                <tr>
                  <td colSpan={7} className={classes.ranking}>
                    <Ranking row={row} />
                  </td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

interface DepartmentRowProps {
  row: QueueDepartment;
  /** Some department promises times. */
  promised: boolean;
  open: boolean;
  onOpen: () => void;
}

function DepartmentRow({ row, promised, open, onOpen }: DepartmentRowProps) {
  const { t } = useTranslation();
  const department = useAccount((state) => state.departments[row.department_id]);
  const name = department?.name ?? "—";
  const next = <NextAgent row={row} name={name} open={open} onOpen={onOpen} />;
  return (
    <tr data-waiting={row.waiting > 0 || undefined}>
      <td>
        {name}
        {department?.online === false && <span className={classes.note}> · {t("queue.unattended")}</span>}
        <span className={classes.narrow}>{next}</span>
      </td>
      <td data-number data-strong>
        {row.waiting}
      </td>
      <td data-number>{row.longest_since === null ? "—" : <Since at={row.longest_since} />}</td>
      <td data-number data-wide title={row.estimate ? undefined : t("queue.unknown_estimate")}>
        {row.estimate ? formatEstimate(row.estimate, t) : "—"}
      </td>
      <td data-number>{row.active}</td>
      {promised && (
        <td data-number data-wide>
          <Kept level={row.service_level} />
        </td>
      )}
      <td data-wide>{next}</td>
    </tr>
  );
}

/** How the department keeps its promised times today (P03). */
function Kept({ level }: { level: QueueDepartment["service_level"] }) {
  const { t } = useTranslation();
  if (level === null) return "—";
  const { target_seconds: target, decided, within, breached } = level;
  return (
    <span title={t("queue.within_hint", { target: formatElapsed(target * 1000), within, decided })}>
      {decided === 0 ? "—" : `${Math.floor((within / decided) * 100)} %`}
      {breached > 0 && <span data-loud> · {t("queue.late", { count: breached })}</span>}
    </span>
  );
}

interface NextAgentProps extends Omit<DepartmentRowProps, "promised"> {
  name: string;
}

function NextAgent({ row, name, open, onOpen }: NextAgentProps) {
  const { t } = useTranslation();
  const agents = useAccount((state) => state.agents);
  const next = row.next.find(({ reason }) => isAble(reason));
  return (
    <span className={classes.nextAgent}>
      <span>
        {next ? (agents[next.agent_id]?.name ?? "—") : t("queue.next_none")}
        {next && <span className={classes.note}> · {t(`queue.reason.${next.reason}`)}</span>}
      </span>
      <ActionIcon
        size={24}
        aria-expanded={open}
        aria-label={t("queue.next_show", { department: name })}
        {...tip(t("queue.next_show", { department: name }))}
        onClick={onOpen}
      >
        {open ? <IconChevronUp size={14} /> : <IconChevronDown size={14} />}
      </ActionIcon>
    </span>
  );
}

/** The agents whom the roulette would ask, in its order, and what stands against the others (B05). */
function Ranking({ row }: { row: QueueDepartment }) {
  const { t } = useTranslation();
  const department = useAccount((state) => state.departments[row.department_id]?.name ?? "—");
  const able = row.next.filter(({ reason }) => isAble(reason));
  const unable = row.next.filter(({ reason }) => !isAble(reason));
  if (row.next.length === 0) return <p className={classes.plain}>{t("queue.next_empty")}</p>;
  return (
    <>
      {able.length > 0 && (
        <>
          <p className={classes.plain}>{t("queue.next_order", { department })}</p>
          <ol className={classes.reasons}>{able.map(reasonLine)}</ol>
        </>
      )}
      {unable.length > 0 && (
        <>
          <p className={classes.plain}>{t("queue.next_unable")}</p>
          <ul className={classes.reasons}>{unable.map(reasonLine)}</ul>
        </>
      )}
    </>
  );
}

function reasonLine({ agent_id, reason }: QueueDepartment["next"][number]) {
  return <Reason key={agent_id} agentId={agent_id} reason={reason} />;
}

function Reason({ agentId, reason }: { agentId: string; reason: RouletteReason }) {
  const { t } = useTranslation();
  const name = useAccount((state) => state.agents[agentId]?.name ?? "—");
  return (
    <li>
      {name} <span className={classes.note}>· {t(`queue.reason.${reason}`)}</span>
    </li>
  );
}
