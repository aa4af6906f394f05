import "@/app/i18n/queue/index.ts";
import "@/app/theme/forms.ts";
import type { QueueStatus } from "@aceno/contract";
import { Alert, Button, SegmentedControl } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount, usePermission } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { ActiveTable } from "./active-table.tsx";
import { AgentTable } from "./agent-table.tsx";
import { DepartmentTable } from "./department-table.tsx";
import classes from "./queue.module.css";
import { WaitingTables } from "./waiting-table.tsx";

const views = ["waiting", "active", "agents"] as const;

/**
 * The window "Atendimentos" (T063–T066, T141): who waits and for how long, who is attended, whom the roulette asks next and why. A
 * supervisor puts queue and roulette in order here. Renewed with every change.
 */
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
  const status = queue.data;
  return (
    <Dialog onClose={() => desk.show(null)} title={t("queue.title")} size="min(1040px, 96vw)">
      {queue.isError && (
        <Alert color="red" p="xs" mb="sm">
          {t("queue.failed")} {explain(queue.error, t)}{" "}
          <Button variant="subtle" size="compact-xs" onClick={() => void queue.refetch()}>
            {t("common.retry")}
          </Button>
        </Alert>
      )}
      {!status && !queue.isError && <p role="status">{t("common.loading")}</p>}
      {status && <Parts status={status} />}
    </Dialog>
  );
}

function Parts({ status }: { status: QueueStatus }) {
  const { t } = useTranslation();
  const maySupervise = usePermission("supervision.use");
  const [view, setView] = useState<(typeof views)[number]>("waiting");
  const counts = {
    waiting: status.waiting.length,
    active: status.departments.reduce((sum, { active }) => sum + active, 0),
    agents: status.agents.length,
  };
  const offered = views.filter((each) => each !== "active" || maySupervise);
  return (
    <div className={classes.parts}>
      <div className={classes.scroll}>
        <DepartmentTable status={status} />
      </div>
      <SegmentedControl
        className={classes.views}
        aria-label={t("queue.views")}
        value={view}
        data={offered.map((value) => ({ value, label: t(`queue.view_${value}`, { count: counts[value] }) }))}
        onChange={(value) => setView(views.find((each) => each === value) ?? "waiting")}
      />
      <div className={classes.view}>
        {view === "waiting" && <WaitingTables status={status} />}
        {view === "active" && <ActiveTable />}
        {view === "agents" && <AgentTable status={status} />}
      </div>
    </div>
  );
}
