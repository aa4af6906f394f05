import "@/app/i18n/supervision/index.ts";
import type { Breach } from "@aceno/contract";
import { Button } from "@mantine/core";
import i18next from "i18next";
import type { Alerts } from "@/features/preferences/alerts.ts";
import { notify } from "@/shared/notify.ts";

interface Surroundings {
  department: string | undefined;
  agent: string | undefined;
  alerts: Alerts;
  supervise: (conversationId: string) => void;
}

/** A promised time that was missed: whose, where, and a way to look at it. */
export async function tellBreach(breach: Breach, { department, agent, alerts, supervise }: Surroundings) {
  const t = i18next.getFixedT(null, "supervision");
  const { conversation_id, number, visitor_name: name, promise } = breach;
  const title = t(`breach.${promise}`, { name });
  alerts.announce("waiting", title);
  await notify({
    id: `breach-${conversation_id}`,
    tone: "warning",
    title,
    message: (
      <>
        {[`#${number}`, department, agent ?? t("breach.waiting")].filter(Boolean).join(" · ")}{" "}
        {agent !== undefined && (
          <Button variant="subtle" size="compact-xs" onClick={() => supervise(conversation_id)}>
            {t("breach.open")}
          </Button>
        )}
      </>
    ),
    stays: 30_000,
  });
}
