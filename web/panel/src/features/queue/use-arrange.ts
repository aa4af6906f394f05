import { Problem, type QueueStatus } from "@aceno/contract";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount } from "@/app/services.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";

interface Arrange {
  /** Puts those who wait in a department in another order. Says whether it was done; a refusal is told. */
  queue(departmentId: string, ids: string[]): Promise<boolean>;
  /** Gives agents the turns they share in another order, or skips some. */
  roulette(agents: { agent_id: string; skipped: boolean }[]): Promise<boolean>;
}

/** What a supervisor may put in another order (T066). A list that somebody else was quicker to change is refused and read again. */
export function useArrange(status: QueueStatus): Arrange {
  const { t } = useTranslation();
  const client = useQueryClient();
  const version = useAccount((state) => state.queueVersion);
  const ask = async (change: () => Promise<QueueStatus>): Promise<boolean> => {
    try {
      client.setQueryData(["queue", version], await change());
      return true;
    } catch (error) {
      const stale = error instanceof Problem && error.code === "stale";
      void notify({ tone: stale ? "warning" : "error", message: stale ? t("queue.stale") : explain(error, t) });
      await client.invalidateQueries({ queryKey: ["queue"] });
      return false;
    }
  };
  return {
    queue: (departmentId, ids) => {
      const department = status.departments.find(({ department_id: id }) => id === departmentId);
      return ask(() => api.queue.order(departmentId, department?.order_version ?? 0, ids));
    },
    roulette: (agents) => ask(() => api.queue.roulette(status.roulette_version, agents)),
  };
}
