import "@/app/theme/forms.ts";
import { Alert, Button } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import classes from "./queue.module.css";
import { AgentTable, DepartmentTable, NextLine, WaitingTable } from "./queue-tables.tsx";

/** The window "Atendimentos": how many wait, how many are attended, who is next (T063–T065). Renewed with every change. */
export function QueueDialog() {
  const { t } = useTranslation();
  const desk = useDesk();
  const version = useAccount((state) => state.queueVersion);
  const departments = useAccount((state) => state.departments);
  const queue = useQuery({
    queryKey: ["queue", version],
    queryFn: ({ signal }) => api.queue.status(signal),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
    staleTime: 0,
  });
  const status = queue.data;
  return (
    <Dialog onClose={() => desk.show(null)} title={t("queue.title")} size="lg">
      {queue.isError && (
        <Alert color="red" p="xs" mb="sm">
          {t("queue.failed")} {explain(queue.error, t)}{" "}
          <Button variant="subtle" size="compact-xs" onClick={() => void queue.refetch()}>
            {t("common.retry")}
          </Button>
        </Alert>
      )}
      {!status && !queue.isError && <p role="status">{t("common.loading")}</p>}
      {status && (
        <div className={classes.parts}>
          <DepartmentTable status={status} departments={departments} />
          <NextLine status={status} departments={departments} />
          <WaitingTable status={status} departments={departments} />
          <AgentTable status={status} />
        </div>
      )}
    </Dialog>
  );
}
