import "@/app/i18n/supervision/index.ts";
import type { Agent, SupervisionGrant } from "@aceno/contract";
import { Alert, Button, MultiSelect, SegmentedControl } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount } from "@/app/services.tsx";
import { AdminCard } from "@/features/admin/admin-page.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./supervision.module.css";

/** What a supervisor watches over (T132–T134), saved by itself. */
export function GrantCard({ agent }: { agent: Agent }) {
  const { t } = useTranslation("supervision");
  const { t: common } = useTranslation();
  const grant = useQuery({
    queryKey: ["supervision", "grant", agent.id],
    queryFn: ({ signal }) => api.supervision.grant(agent.id, signal),
    staleTime: 0,
  });
  return (
    <AdminCard title={t("grant.title")}>
      {grant.isError && (
        <Alert color="red" p="xs">
          {t("grant.failed")} {explain(grant.error, common)}
        </Alert>
      )}
      {grant.data && <Choice key={JSON.stringify(grant.data)} grant={grant.data} />}
    </AdminCard>
  );
}

function Choice({ grant }: { grant: SupervisionGrant }) {
  const { t } = useTranslation("supervision");
  const { t: common } = useTranslation();
  const client = useQueryClient();
  const departments = useAccount((state) => state.departments);
  const agents = useAccount((state) => state.agents);
  const [wish, setWish] = useState(grant);
  const save = useMutation({
    mutationFn: () => api.supervision.setGrant(wish),
    onSuccess: (saved) => {
      client.setQueryData(["supervision", "grant", grant.agent_id], saved);
      void notify({ id: "saved", message: t("grant.saved") });
    },
    onError: (error) => void notify({ tone: "error", message: explain(error, common) }),
  });
  const nothing = !wish.all && wish.department_ids.length + wish.agent_ids.length === 0;
  return (
    <div className={classes.grant}>
      <SegmentedControl
        className={classes.start}
        aria-label={t("grant.title")}
        value={wish.all ? "all" : "some"}
        data={[
          { value: "all", label: t("grant.all") },
          { value: "some", label: t("grant.some") },
        ]}
        onChange={(value) => setWish({ ...wish, all: value === "all" })}
      />
      {!wish.all && (
        <>
          <p className={classes.intro}>{t(nothing ? "grant.nothing" : "grant.hint")}</p>
          <MultiSelect
            label={t("grant.departments")}
            data={Object.values(departments).map(({ id, name }) => ({ value: id, label: name }))}
            value={wish.department_ids}
            searchable
            clearable
            onChange={(department_ids) => setWish({ ...wish, department_ids })}
          />
          <MultiSelect
            label={t("grant.agents")}
            data={Object.values(agents)
              .filter(({ id, active }) => id !== grant.agent_id && (active || wish.agent_ids.includes(id)))
              .map(({ id, name }) => ({ value: id, label: name }))}
            value={wish.agent_ids}
            searchable
            clearable
            onChange={(agent_ids) => setWish({ ...wish, agent_ids })}
          />
        </>
      )}
      <Button
        className={classes.start}
        variant="default"
        loading={save.isPending}
        disabled={wish === grant}
        onClick={() => save.mutate()}
      >
        {t("grant.save")}
      </Button>
    </div>
  );
}
