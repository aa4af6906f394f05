import "@/app/i18n/admin/index.ts";
import "@/app/theme/forms.ts";
import type { Agent } from "@aceno/contract";
import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount } from "@/app/services.tsx";
import { AdminPage } from "@/features/admin/admin-page.tsx";
import { PlaceLink, usePlace } from "@/features/admin/place.tsx";
import { RecordList, StateMark } from "@/features/admin/record-list.tsx";
import { Avatar } from "@/shared/avatar.tsx";
import { formatMoment } from "@/shared/format.ts";
import { AgentForm } from "./agent-form.tsx";
import classes from "./agents.module.css";

/** Who attends (T188–T192): never deleted, only inactivated. /admin/agents/new/<id> makes one like another. */
export function AgentsPage() {
  const { item, tab } = usePlace();
  const agents = useAccount((state) => state.agents);
  if (item === "new")
    return <AgentForm key={`new ${tab}`} agent={null} like={tab === null ? null : (agents[tab] ?? null)} />;
  const agent = item === null ? undefined : agents[item];
  return agent ? <AgentForm key={agent.id} agent={agent} like={null} /> : <AgentList agents={Object.values(agents)} />;
}

function AgentList({ agents }: { agents: Agent[] }) {
  const { t } = useTranslation("admin");
  const { go } = usePlace();
  const departments = useAccount((state) => state.departments);
  const locale = currentLocale();
  const [text, setText] = useState("");
  // What is known live is not told when an agent merely comes back: the times of access are asked for.
  const { data } = useQuery({ queryKey: ["agents"], queryFn: ({ signal }) => api.agents.list(signal), staleTime: 0 });
  const access = new Map(data?.agents.map((each) => [each.id, each]));
  const wanted = text.trim().toLocaleLowerCase(locale);
  const shown = agents
    .filter(({ name, login, email }) => `${name} ${login} ${email}`.toLocaleLowerCase(locale).includes(wanted))
    .sort((a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name, locale));
  const moment = (at: number | null | undefined) => (at ? formatMoment(at, locale) : "");
  const add = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => go("agents", "new")}>
      {t("agents.add")}
    </Button>
  );
  return (
    <AdminPage title={t("pages.agents")} intro={t("agents.intro")} actions={add}>
      <TextInput
        type="search"
        className={classes.search}
        aria-label={t("agents.search")}
        placeholder={t("agents.search")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <RecordList
        label={t("pages.agents")}
        records={shown}
        keyOf={({ id }) => id}
        quiet={({ active }) => !active}
        empty={t("agents.no_match")}
        columns={[
          {
            id: "name",
            label: t("agents.name"),
            cell: ({ id, name, login, photo_url }) => (
              <span className={classes.who}>
                <Avatar name={name} photo={photo_url} size={26} />
                <span>
                  <PlaceLink page="agents" item={id}>
                    {name}
                  </PlaceLink>
                  <small>{login}</small>
                </span>
              </span>
            ),
          },
          { id: "role", label: t("agents.role"), cell: ({ role }) => t(`agents.roles.${role}`) },
          {
            id: "departments",
            label: t("pages.departments"),
            wide: true,
            cell: ({ department_ids }) => department_ids.map((id) => departments[id]?.name ?? "").join(", "),
          },
          {
            id: "method",
            label: t("agents.method"),
            wide: true,
            cell: ({ method, conversation_limit }) =>
              `${t(`agents.methods.${method}`)} · ${t("agents.up_to", { count: conversation_limit })}`,
          },
          {
            id: "first",
            label: t("agents.first_today"),
            wide: true,
            cell: ({ id }) => moment(access.get(id)?.first_connection_at),
          },
          {
            id: "last",
            label: t("agents.last_access"),
            wide: true,
            cell: ({ id }) => moment(access.get(id)?.last_access_at),
          },
          {
            id: "state",
            label: t("form.state"),
            cell: ({ active }) => <StateMark on={active}>{t(active ? "form.active" : "form.inactive")}</StateMark>,
          },
        ]}
      />
    </AdminPage>
  );
}
