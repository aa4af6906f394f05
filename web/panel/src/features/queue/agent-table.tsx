import type { QueueAgent, QueueStatus } from "@aceno/contract";
import {
  IconMoon,
  IconPlugConnected,
  IconPlugConnectedX,
  IconSun,
  IconVolume,
  IconVolumeOff,
} from "@tabler/icons-react";
import { type ComponentProps, lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Presence } from "@/app/live/state.ts";
import { useAccount, usePermission } from "@/app/services.tsx";
import { Avatar } from "@/shared/avatar.tsx";
import { tip } from "@/shared/tip.tsx";
import { AgentMenu } from "./agent-menu.tsx";
import { Handle } from "./handle.tsx";
import classes from "./queue.module.css";
import { inTurn, turnsOf } from "./roulette.ts";
import { type Asked, asks, MenuButton } from "./row-menu.tsx";
import { type Sorting, useSorting } from "./sorting.ts";
import { useArrange } from "./use-arrange.ts";

const EndSession = lazy(() =>
  import("@/features/supervision/end-session.tsx").then((module) => ({ default: module.EndSession })),
);

/** Each agent: the status with its parts (B08), the load, and the turn in the roulette or what stands against one. */
export function AgentTable({ status }: { status: QueueStatus }) {
  const { t } = useTranslation();
  const maySupervise = usePermission("supervision.use");
  const [asked, setAsked] = useState<Asked<QueueAgent> | null>(null);
  const [ending, setEnding] = useState<string | null>(null);
  const { shown, movable, turns, sorting, order, moved } = useRoulette(status, maySupervise);
  const sortable = movable.length > 1;
  return (
    <div className={classes.scroll}>
      <table className={classes.table} data-testid="agents">
        <caption>
          {sortable && <span className={classes.hint}>{t("queue.order_hint")}</span>}
          <span className={classes.spoken} role="status">
            {moved}
          </span>
        </caption>
        <Head maySupervise={maySupervise} />
        <tbody>
          {shown.map((agent) => {
            const id = agent.agent_id;
            const moves = sortable && movable.includes(id);
            return (
              <AgentRow
                key={id}
                agent={agent}
                turn={turns.get(id)}
                maySupervise={maySupervise}
                row={{ ...(moves && sorting.row(id)), ...(maySupervise && agent.supervised && asks(agent, setAsked)) }}
                handle={moves ? sorting.handle(id) : null}
                onAsk={setAsked}
              />
            );
          })}
        </tbody>
      </table>
      {asked && (
        <AgentMenu
          asked={asked}
          order={movable}
          onOrder={order}
          status={status}
          onEnd={() => setEnding(asked.row.agent_id)}
          onClose={() => setAsked(null)}
        />
      )}
      {ending && (
        <Suspense fallback={null}>
          <EndSession agentId={ending} onClose={() => setEnding(null)} />
        </Suspense>
      )}
    </div>
  );
}

/** The roulette's list as it is shown, and its being put in order. */
function useRoulette(status: QueueStatus, maySupervise: boolean) {
  const { t } = useTranslation();
  const agents = useAccount((state) => state.agents);
  const arrange = useArrange(status);
  const [moved, setMoved] = useState("");
  const sorted = inTurn(status.agents);
  const turns = turnsOf(sorted);
  const byId = new Map(sorted.map((agent) => [agent.agent_id, agent]));
  const movable = sorted
    .filter((agent) => maySupervise && agent.supervised && turns.has(agent.agent_id))
    .map(({ agent_id }) => agent_id);
  const order = (ids: readonly string[]) =>
    arrange.roulette(ids.flatMap((id) => byId.get(id) ?? []).map(({ agent_id, skipped }) => ({ agent_id, skipped })));
  const sorting = useSorting(movable, async (ids, id) => {
    const name = agents[id]?.name ?? "";
    if (await order(ids)) setMoved(t("queue.moved", { name, place: ids.indexOf(id) + 1 }));
  });
  // Those who are put in order share the places they have; the others stay where they are.
  const queue = [...sorting.order];
  const mine = new Set(queue);
  const shown = sorted.flatMap((agent) => (mine.has(agent.agent_id) ? (byId.get(queue.shift() ?? "") ?? []) : agent));
  return { shown, movable, turns, sorting, order, moved };
}

function Head({ maySupervise }: { maySupervise: boolean }) {
  const { t } = useTranslation();
  return (
    <thead>
      <tr>
        {maySupervise && <td className={classes.slim} />}
        <th scope="col">{t("queue.agent")}</th>
        <th scope="col">{t("session.status.column")}</th>
        <th scope="col" data-wide>
          {t("queue.method")}
        </th>
        <th scope="col" data-number data-wide>
          {t("queue.load")}
        </th>
        <th scope="col" data-wide>
          {t("queue.turn")}
        </th>
        {maySupervise && <td className={classes.slim} />}
      </tr>
    </thead>
  );
}

interface AgentRowProps {
  agent: QueueAgent;
  turn: number | undefined;
  maySupervise: boolean;
  row: ComponentProps<"tr">;
  handle: ReturnType<Sorting["handle"]> | null;
  onAsk: (asked: Asked<QueueAgent>) => void;
}

function AgentRow({ agent, turn, maySupervise, row, handle, onAsk }: AgentRowProps) {
  const { t } = useTranslation();
  const name = useAccount((state) => state.agents[agent.agent_id]?.name ?? "—");
  const load = t("session.load", { active: agent.active, limit: agent.limit });
  return (
    <tr {...row}>
      {maySupervise && <td>{handle && <Handle name={name} {...handle} />}</td>}
      <td>
        <Who agent={agent} />
        <span className={classes.narrow}>
          <Turn agent={agent} turn={turn} />
        </span>
      </td>
      <td>
        <State agent={agent} />
        <span className={classes.narrow}>{load}</span>
      </td>
      <td data-wide>{t(`queue.methods.${agent.method}`)}</td>
      <td data-number data-wide data-full={agent.active >= agent.limit || undefined}>
        {load}
      </td>
      <td data-wide>
        <Turn agent={agent} turn={turn} />
      </td>
      {maySupervise && <td>{agent.supervised && <MenuButton row={agent} name={name} onAsk={onAsk} />}</td>}
    </tr>
  );
}

function Who({ agent }: { agent: QueueAgent }) {
  const { t } = useTranslation();
  const known = useAccount((state) => state.agents[agent.agent_id]);
  const me = useAccount((state) => state.me.agent.id);
  const name = known?.name ?? "—";
  return (
    <span className={classes.agent}>
      <Avatar name={name} photo={known?.photo_url} size={20} status={agent.present ? agent.status : "offline"} />
      {name}
      {agent.agent_id === me && <span className={classes.note}>({t("queue.you")})</span>}
    </span>
  );
}

/** The wish in words; connection, panel awake and sound each as a sign with its words. */
function State({ agent }: { agent: QueueAgent }) {
  const { t } = useTranslation();
  const presence = useAccount((state) => state.presence[agent.agent_id]);
  return (
    <span className={classes.state}>
      {t(`session.status.${agent.status}`)}
      {agent.status !== "offline" &&
        partsOf(agent, presence).map(({ part, on, quiet }) => {
          const Icon = icons[part][on ? "on" : "off"];
          const label = quiet
            ? t("queue.part_quiet")
            : t(on ? "queue.part_on" : "queue.part_off", { part: t(`queue.parts.${part}`) });
          return (
            <span key={part} className={classes.part} data-on={on || undefined} data-part={part} {...tip(label)}>
              <Icon size={14} aria-hidden />
              <span className={classes.spoken}>{label}</span>
            </span>
          );
        })}
    </span>
  );
}

const icons = {
  connection: { on: IconPlugConnected, off: IconPlugConnectedX },
  awake: { on: IconSun, off: IconMoon },
  sound: { on: IconVolume, off: IconVolumeOff },
} as const;

/** The parts of an agent's presence beside the wish, as far as they are known. */
export function partsOf(agent: Pick<QueueAgent, "present">, presence: Presence | undefined) {
  const connected = presence?.connected ?? agent.present;
  return [
    { part: "connection", on: connected, quiet: false },
    { part: "awake", on: connected && presence?.awake !== false, quiet: false },
    { part: "sound", on: connected && presence?.sound !== false && !presence?.quiet, quiet: presence?.quiet ?? false },
  ] as const;
}

/** The place in the roulette, or what stands against it. */
function Turn({ agent, turn }: { agent: QueueAgent; turn: number | undefined }) {
  const { t } = useTranslation();
  if (agent.unable !== "") return <span className={classes.note}>{t(`queue.reason.${agent.unable}`)}</span>;
  return (
    <>
      {turn !== undefined && <b>{turn}.</b>} {t("queue.receives")}
      {agent.offers > 0 && <span data-loud> · {t("queue.offered_count", { count: agent.offers })}</span>}
    </>
  );
}
