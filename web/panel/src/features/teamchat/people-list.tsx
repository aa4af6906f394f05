import type { Agent, Department, TeamRoom } from "@aceno/contract";
import { TextInput } from "@mantine/core";
import { IconHash, IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount } from "@/app/services.tsx";
import { Avatar } from "@/shared/avatar.tsx";
import { formatTime, startOfDay } from "@/shared/format.ts";
import { folded } from "./mentions.ts";
import classes from "./team.module.css";
import { unreadOf } from "./team-state.ts";
import { useTeam, useTeamStore } from "./use-team.ts";

const recentMost = 5;

/** Everybody of the account by department, with status; above them the rooms in which something was said lately (T093–T095). */
export function PeopleList() {
  const { t } = useTranslation("teamchat");
  const store = useTeamStore();
  const { rooms, failed, room } = useTeam();
  const [text, setText] = useState("");
  const { groups, recent } = useGroups(rooms, text);
  return (
    <nav className={classes.people} aria-label={t("people")} onKeyDown={moveFocus}>
      <TextInput
        className={classes.search}
        type="search"
        aria-label={t("search")}
        placeholder={t("search")}
        leftSection={<IconSearch size={14} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={classes.scroll}>
        {failed && (
          <p role="alert" className={classes.dim}>
            {t("loading_failed")}
          </p>
        )}
        {recent.length > 0 && (
          <section>
            <h3>{t("recent")}</h3>
            {recent.map(({ agent, known }) => (
              <PersonButton key={agent.id} agent={agent} known={known} current={room === agent.id} recent />
            ))}
          </section>
        )}
        {groups.map(({ department, agents }) => (
          <section key={department?.id ?? "none"}>
            {department?.mine ? (
              <button
                type="button"
                className={classes.room}
                aria-current={room === department.id || undefined}
                title={t("department_room")}
                onClick={() => store.enter(department.id)}
              >
                <IconHash size={14} aria-hidden />
                <b>{department.name}</b>
                <Unread known={rooms?.[department.id]} />
              </button>
            ) : (
              <h3>{department?.name ?? t("no_department")}</h3>
            )}
            {agents.map((agent) => (
              <PersonButton key={agent.id} agent={agent} known={rooms?.[agent.id]} current={room === agent.id} />
            ))}
          </section>
        ))}
        {groups.length === 0 && <p className={classes.dim}>{t("nobody")}</p>}
      </div>
    </nav>
  );
}

interface Group {
  department: { id: string; name: string; mine: boolean } | null;
  agents: Agent[];
}

function useGroups(rooms: Readonly<Record<string, TeamRoom>> | null, text: string) {
  const agents = useAccount((state) => state.agents);
  const departments = useAccount((state) => state.departments);
  const me = useAccount((state) => state.me);
  return useMemo(() => {
    const wanted = folded(text.trim());
    const others = Object.values(agents)
      .filter((agent) => agent.active && agent.id !== me.agent.id && folded(agent.name).includes(wanted))
      .sort((a, b) => Number(b.present) - Number(a.present) || a.name.localeCompare(b.name));
    const mine = ({ id }: Department) => me.supervises_all || me.agent.department_ids.includes(id);
    const active = Object.values(departments)
      .filter((department) => department.active)
      .sort((a, b) => a.position - b.position);
    const groups: Group[] = active.map((department) => ({
      department: { id: department.id, name: department.name, mine: mine(department) },
      agents: others.filter((agent) => agent.department_ids.includes(department.id)),
    }));
    const inNone = (agent: Agent) => !active.some(({ id }) => agent.department_ids.includes(id));
    groups.push({ department: null, agents: others.filter(inNone) });
    const named = ({ department, agents: found }: Group) =>
      found.length > 0 || (department?.mine === true && folded(department.name).includes(wanted));
    const recent = Object.values(rooms ?? {})
      .flatMap((known) => {
        const agent = known.department_id === null ? agents[known.id] : undefined;
        return agent && folded(agent.name).includes(wanted) ? [{ agent, known }] : [];
      })
      .sort((a, b) => b.known.last.at - a.known.last.at)
      .slice(0, recentMost);
    return { groups: groups.filter(named), recent };
  }, [agents, departments, me, rooms, text]);
}

interface PersonProps {
  agent: Agent;
  known: TeamRoom | undefined;
  current: boolean;
  /** With what was said last. */
  recent?: boolean;
}

function PersonButton({ agent, known, current, recent = false }: PersonProps) {
  const { t } = useTranslation("teamchat");
  const store = useTeamStore();
  const status = agent.present ? agent.status : agent.status === "offline" ? "offline" : "absent";
  const said = known && known.last.author_id !== agent.id ? t("you", { text: known.last.text }) : known?.last.text;
  return (
    <button
      type="button"
      className={classes.person}
      data-recent={recent || undefined}
      aria-current={current || undefined}
      onClick={() => store.enter(agent.id)}
    >
      <Avatar name={agent.name} size={24} status={agent.present ? agent.status : "offline"} />
      <span className={classes.names}>
        <span className={classes.name}>{agent.name}</span>
        <span className={classes.said}>{recent ? said : t(`status.${status}`)}</span>
      </span>
      {recent && known && <LastTime at={known.last.at} />}
      <Unread known={known} />
    </button>
  );
}

function LastTime({ at }: { at: number }) {
  const locale = currentLocale();
  const today = startOfDay(Date.now()) === startOfDay(at);
  const day = new Intl.DateTimeFormat(locale, { day: "2-digit", month: "2-digit" });
  return <time className={classes.when}>{today ? formatTime(at, locale) : day.format(at)}</time>;
}

function Unread({ known }: { known: TeamRoom | undefined }) {
  const { t } = useTranslation("teamchat");
  const count = known ? unreadOf(known) : 0;
  if (count === 0 || !known) return null;
  const words = known.mentions > 0 ? `${t("badge", { count })}, ${t("mentioned")}` : t("badge", { count });
  return (
    <span className={classes.badge} title={words}>
      {known.mentions > 0 && <span aria-hidden>@</span>}
      <span aria-hidden>{count > 99 ? "99+" : count}</span>
      <span className={classes.spoken}>{words}</span>
    </span>
  );
}

/** Arrow keys go from one to the next. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("input, button")];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  if (at === -1) return;
  event.preventDefault();
  stops[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
}
