import "@/app/i18n/supervision/index.ts";
import type { AgentStatus, QueueDepartment } from "@aceno/contract";
import { ActionIcon } from "@mantine/core";
import { IconArrowLeft, IconMaximize, IconMinimize } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount, useLiveView, usePermission, useServerNow } from "@/app/services.tsx";
import { formatElapsed, formatNumber, formatTime } from "@/shared/format.ts";
import { tip } from "@/shared/tip.tsx";
import classes from "./wallboard.module.css";

/** Queue, load and times for a screen on the wall: renewed by events, readable from five metres. */
export function Wallboard() {
  const { t } = useTranslation("supervision");
  const { t: panel } = useTranslation();
  const allowed = usePermission("queue.view");
  const stale = useLiveView((view) => view.link.status !== "live");
  useWakefulScreen();
  if (!allowed) return <p className={classes.refused}>{panel("grid.forbidden")}</p>;
  return (
    <main className={classes.board} aria-label={t("board.title")}>
      <Figures />
      <Departments />
      <Agents />
      <footer className={classes.foot}>
        <Controls />
        <span role="status" className={classes.stale}>
          {stale && t("board.stale")}
        </span>
        <Clock />
      </footer>
    </main>
  );
}

function Figures() {
  const { t } = useTranslation("supervision");
  const counters = useAccount((state) => state.counters);
  const now = useServerNow();
  const show = (value: number) => formatNumber(value, currentLocale());
  const figures = [
    { key: "waiting", value: show(counters.waiting), alert: counters.waiting > 0 },
    {
      key: "longest",
      value: counters.waiting_since === null ? "–" : formatElapsed(now - counters.waiting_since),
      alert: counters.waiting > 0,
    },
    { key: "active", value: show(counters.active), alert: false },
    { key: "browsing", value: show(counters.browsing), alert: false },
    { key: "finished", value: show(counters.finished), alert: false },
    { key: "abandoned", value: show(counters.abandoned), alert: false },
  ] as const;
  return (
    <dl className={classes.figures}>
      {figures.map(({ key, value, alert }) => (
        <div key={key} className={classes.figure} data-alert={alert || undefined}>
          <dt>{t(`board.${key}`)}</dt>
          <dd data-testid={`board-${key}`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Departments() {
  const { t } = useTranslation("supervision");
  const now = useServerNow();
  const version = useAccount((state) => state.queueVersion);
  const departments = useAccount((state) => state.departments);
  const { data } = useQuery({
    queryKey: ["queue", version],
    queryFn: ({ signal }) => api.queue.status(signal),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
    staleTime: 0,
  });
  const promised = data?.departments.some((row) => row.service_level !== null);
  return (
    <table className={classes.departments}>
      <thead>
        <tr>
          <th scope="col">{t("board.departments")}</th>
          <th scope="col">{t("board.waiting")}</th>
          <th scope="col">{t("board.longest")}</th>
          <th scope="col">{t("board.active")}</th>
          {promised && (
            <>
              <th scope="col">{t("board.within")}</th>
              <th scope="col">{t("board.breached")}</th>
            </>
          )}
        </tr>
      </thead>
      <tbody>
        {data?.departments.map((row) => {
          const department = departments[row.department_id];
          if (!department?.active) return null;
          return (
            <tr key={row.department_id} data-alert={row.waiting > 0 || undefined}>
              <th scope="row">
                {department.name}
                {!department.online && <span className={classes.nobody}>{t("board.nobody")}</span>}
              </th>
              <td>{formatNumber(row.waiting, currentLocale())}</td>
              <td>{row.longest_since === null ? "–" : formatElapsed(now - row.longest_since)}</td>
              <td>{formatNumber(row.active, currentLocale())}</td>
              {promised && <ServiceLevel level={row.service_level} />}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** How a department keeps its promised times (P03): the share of first responses in time, and what is late now. */
function ServiceLevel({ level }: { level: QueueDepartment["service_level"] }) {
  const { t } = useTranslation("supervision");
  if (level === null) {
    return (
      <>
        <td>–</td>
        <td>–</td>
      </>
    );
  }
  const { target_seconds: target, decided, within, breached } = level;
  const share = new Intl.NumberFormat(currentLocale(), { style: "percent" });
  return (
    <>
      <td title={t("board.within_hint", { target: formatElapsed(target * 1000), within, decided })}>
        {target === 0 || decided === 0 ? "–" : share.format(Math.floor((within / decided) * 100) / 100)}
      </td>
      <td data-late={breached > 0 || undefined}>{formatNumber(breached, currentLocale())}</td>
    </>
  );
}

function Agents() {
  const { t } = useTranslation("supervision");
  const agents = useAccount((state) => state.agents);
  const list = Object.values(agents)
    .filter((agent) => agent.active)
    .sort((a, b) => a.name.localeCompare(b.name));
  const of = (status: AgentStatus) =>
    list.filter((agent) => (agent.present ? agent.status : ("offline" as const)) === status);
  const groups = [
    { key: "online", status: "online", agents: of("online") },
    { key: "busy", status: "busy", agents: of("busy") },
    { key: "absent", status: "offline", agents: of("offline") },
  ] as const;
  return (
    <dl className={classes.agents} aria-label={t("board.agents")}>
      {groups.map((group) => (
        <div key={group.key} data-status={group.status}>
          <dt>
            {t(`board.${group.key}`)} <b data-testid={`board-${group.key}`}>{group.agents.length}</b>
          </dt>
          <dd>{group.agents.map((agent) => agent.name).join(" · ")}</dd>
        </div>
      ))}
    </dl>
  );
}

function Controls() {
  const { t } = useTranslation("supervision");
  const navigate = useNavigate();
  const [full, setFull] = useState(document.fullscreenElement !== null);
  useEffect(() => {
    const changed = () => setFull(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", changed);
    return () => document.removeEventListener("fullscreenchange", changed);
  }, []);
  const toggle = () => void (full ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  const label = t(full ? "board.leave_full" : "board.full");
  return (
    <>
      <ActionIcon {...tip(t("board.back"))} aria-label={t("board.back")} onClick={() => void navigate({ to: "/" })}>
        <IconArrowLeft size={18} />
      </ActionIcon>
      {document.fullscreenEnabled && (
        <ActionIcon {...tip(label)} aria-label={label} onClick={toggle}>
          {full ? <IconMinimize size={18} /> : <IconMaximize size={18} />}
        </ActionIcon>
      )}
    </>
  );
}

function Clock() {
  return <time className={classes.clock}>{formatTime(useServerNow(), currentLocale())}</time>;
}

/** A screen on the wall must not go dark. Where the browser knows no wake lock, the machine's own settings decide. */
function useWakefulScreen(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    let left = false;
    const hold = async () => {
      try {
        const held = await navigator.wakeLock?.request("screen");
        if (left) void held?.release();
        else lock = held ?? null;
      } catch {
        lock = null; // refused: a low battery, a hidden page
      }
    };
    const seen = () => {
      if (!document.hidden) void hold();
    };
    void hold();
    document.addEventListener("visibilitychange", seen);
    return () => {
      left = true;
      document.removeEventListener("visibilitychange", seen);
      void lock?.release();
    };
  }, []);
}
