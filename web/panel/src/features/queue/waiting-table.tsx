import type { QueueDepartment, QueueEntry, QueueStatus } from "@aceno/contract";
import { Menu } from "@mantine/core";
import {
  IconArrowBarToDown,
  IconArrowBarToUp,
  IconArrowDown,
  IconArrowUp,
  IconEye,
  IconQuestionMark,
} from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, usePermission } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { formatEstimate } from "./estimate.ts";
import { Handle } from "./handle.tsx";
import classes from "./queue.module.css";
import { type Asked, asks, MenuButton, RowMenu } from "./row-menu.tsx";
import { Since } from "./since.tsx";
import { placed, useSorting } from "./sorting.ts";
import { useArrange } from "./use-arrange.ts";

const WhyDialog = lazy(() => import("./why-dialog.tsx").then((module) => ({ default: module.WhyDialog })));

/** Who waits, one list for each department, in waiting order. */
export function WaitingTables({ status }: { status: QueueStatus }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked<QueueEntry> | null>(null);
  const [why, setWhy] = useState<QueueEntry | null>(null);
  const departments = status.departments.filter(({ department_id: id }) =>
    status.waiting.some((entry) => entry.department_id === id),
  );
  if (departments.length === 0) return <p className={classes.empty}>{t("queue.nobody_waiting")}</p>;
  return (
    <>
      {departments.map((department) => (
        <WaitingTable key={department.department_id} department={department} status={status} onAsk={setAsked} />
      ))}
      {asked && <EntryMenu asked={asked} status={status} onWhy={setWhy} onClose={() => setAsked(null)} />}
      {why && (
        <Suspense fallback={null}>
          <WhyDialog
            id={why.conversation_id}
            number={why.number}
            name={why.visitor_name}
            onClose={() => setWhy(null)}
          />
        </Suspense>
      )}
    </>
  );
}

interface WaitingTableProps {
  department: QueueDepartment;
  status: QueueStatus;
  onAsk: (asked: Asked<QueueEntry>) => void;
}

function WaitingTable({ department, status, onAsk }: WaitingTableProps) {
  const { t } = useTranslation();
  const name = useAccount((state) => state.departments[department.department_id]?.name ?? "—");
  const mayOrder = usePermission("supervision.use") && department.supervised;
  const arrange = useArrange(status);
  const [moved, setMoved] = useState("");
  const entries = status.waiting.filter(({ department_id: id }) => id === department.department_id);
  const byId = new Map(entries.map((entry) => [entry.conversation_id, entry]));
  const sorting = useSorting([...byId.keys()], async (order, id) => {
    const done = await arrange.queue(department.department_id, order);
    const place = order.indexOf(id) + 1;
    if (done) setMoved(t("queue.moved", { name: byId.get(id)?.visitor_name ?? "", place }));
  });
  const shown = sorting.order.flatMap((id) => byId.get(id) ?? []);
  return (
    <div className={classes.scroll}>
      <table className={classes.table} data-testid="waiting">
        <caption>
          {name}
          {mayOrder && entries.length > 1 && <span className={classes.hint}>{t("queue.order_hint")}</span>}
          <span className={classes.spoken} role="status">
            {moved}
          </span>
        </caption>
        <thead>
          <tr>
            {mayOrder && <td className={classes.slim} />}
            <th scope="col" data-number className={classes.slim}>
              {t("queue.place")}
            </th>
            <th scope="col">{t("queue.visitor")}</th>
            <th scope="col" data-number>
              {t("queue.since")}
            </th>
            <th scope="col" data-number>
              {t("queue.estimate")}
            </th>
            <th scope="col" data-wide>
              {t("queue.situation")}
            </th>
            <td className={classes.slim} />
          </tr>
        </thead>
        <tbody>
          {shown.map((entry, at) => (
            <tr key={entry.conversation_id} {...sorting.row(entry.conversation_id)} {...asks(entry, onAsk)}>
              {mayOrder && (
                <td className={classes.slim}>
                  {entries.length > 1 && (
                    <Handle name={entry.visitor_name} {...sorting.handle(entry.conversation_id)} />
                  )}
                </td>
              )}
              <td data-number>{at + 1}</td>
              <td>
                <span className={classes.note}>#{entry.number}</span> {entry.visitor_name}
                <span className={classes.narrow}>
                  <Situation entry={entry} />
                </span>
              </td>
              <td data-number>
                <Since at={entry.queue_entered_at} />
              </td>
              <td data-number title={entry.estimate ? undefined : t("queue.unknown_estimate")}>
                {entry.estimate ? formatEstimate(entry.estimate, t) : "—"}
              </td>
              <td data-wide>
                <Situation entry={entry} />
              </td>
              <td>
                <MenuButton row={entry} name={entry.visitor_name} onAsk={onAsk} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Why nobody has it yet. */
function Situation({ entry }: { entry: QueueEntry }) {
  const { t } = useTranslation();
  const agent = useAccount((state) => state.agents[entry.offered_to ?? entry.reserved_for ?? ""]?.name ?? "—");
  return (
    <>
      <span data-loud={entry.offered_to !== null || undefined}>{t(`queue.waiting_why.${entry.why}`, { agent })}</span>
      {entry.priority !== 0 && (
        <span className={classes.note}> · {t("queue.priority", { value: entry.priority })}</span>
      )}
      {entry.rules.length > 0 && (
        <span className={classes.note}> · {t("queue.by_rules", { rules: entry.rules.join(", ") })}</span>
      )}
      {entry.contact_offered && <span className={classes.note}> · {t("queue.contact_offered")}</span>}
    </>
  );
}

interface EntryMenuProps {
  asked: Asked<QueueEntry>;
  status: QueueStatus;
  onWhy: (entry: QueueEntry) => void;
  onClose: () => void;
}

function EntryMenu({ asked, status, onWhy, onClose }: EntryMenuProps) {
  const { t } = useTranslation();
  const desk = useDesk();
  const arrange = useArrange(status);
  const { row } = asked;
  const department = status.departments.find(({ department_id: id }) => id === row.department_id);
  const mayOrder = usePermission("supervision.use") && department?.supervised === true;
  const ids = status.waiting
    .filter(({ department_id: id }) => id === row.department_id)
    .map(({ conversation_id: id }) => id);
  const at = ids.indexOf(row.conversation_id);
  const move = (to: number) => void arrange.queue(row.department_id, placed(ids, row.conversation_id, to));
  const moves = [
    { key: "first", Icon: IconArrowBarToUp, to: 0, idle: at <= 0 },
    { key: "up", Icon: IconArrowUp, to: at - 1, idle: at <= 0 },
    { key: "down", Icon: IconArrowDown, to: at + 1, idle: at >= ids.length - 1 },
    { key: "last", Icon: IconArrowBarToDown, to: ids.length, idle: at >= ids.length - 1 },
  ] as const;
  return (
    <RowMenu asked={asked} name={row.visitor_name} onClose={onClose}>
      {mayOrder && (
        <Menu.Item leftSection={<IconEye size={15} />} onClick={() => desk.supervise(row.conversation_id)}>
          {t("queue.supervise")}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconQuestionMark size={15} />} onClick={() => onWhy(row)}>
        {t("queue.why")}
      </Menu.Item>
      {mayOrder && at !== -1 && (
        <>
          <Menu.Divider />
          {moves.map(({ key, Icon, to, idle }) => (
            <Menu.Item key={key} leftSection={<Icon size={15} />} disabled={idle} onClick={() => move(to)}>
              {t(`queue.${key}`)}
            </Menu.Item>
          ))}
        </>
      )}
    </RowMenu>
  );
}
