import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "@/app/api.ts";
import { useServices } from "@/app/services.tsx";

/** The pages the account frames beside conversations, by name; read again when an administrator changes them. */
export function useIntegrations() {
  const { live } = useServices();
  const client = useQueryClient();
  useEffect(
    () =>
      live.onEvent(({ kind }) => {
        if (kind === "integration.saved" || kind === "integration.removed") {
          void client.invalidateQueries({ queryKey: ["integrations"] });
          void client.invalidateQueries({ queryKey: ["frames"] });
        }
      }),
    [live, client],
  );
  return useQuery({
    queryKey: ["integrations"],
    queryFn: async ({ signal }) => (await api.integrations.list(signal)).integrations,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
