import { useEffect } from "react";
import { usePermission, useServices } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";

/** Tells who supervises of each promised time that was missed (P03); what tells it is fetched with the first. */
export function Breaches() {
  const supervises = usePermission("supervision.use");
  const { live, alerts } = useServices();
  const { supervise } = useDesk();
  useEffect(() => {
    if (!supervises) return;
    return live.onEvent((event) => {
      if (event.kind !== "conversation.breached") return;
      const { departments, agents } = live.getView().state ?? {};
      void import("./breach-notice.tsx").then(({ tellBreach }) =>
        tellBreach(event.payload, {
          department: departments?.[event.payload.department_id]?.name,
          agent: event.payload.agent_id === null ? undefined : agents?.[event.payload.agent_id]?.name,
          alerts,
          supervise,
        }),
      );
    });
  }, [supervises, live, alerts, supervise]);
  return null;
}
