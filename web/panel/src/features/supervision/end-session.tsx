import "@/app/i18n/supervision/index.ts";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount } from "@/app/services.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import { Ask } from "./ask.tsx";

/** Asks before an agent's session is ended (T140). */
export function EndSession({ agentId, onClose }: { agentId: string; onClose: () => void }) {
  const { t } = useTranslation("supervision");
  const { t: common } = useTranslation();
  const agent = useAccount((state) => state.agents[agentId]?.name ?? "—");
  const end = useMutation({
    mutationFn: () => api.agents.endSession(agentId),
    onSuccess: () => {
      onClose();
      void notify({ message: t("session_ended", { agent }) });
    },
    onError: (error) => void notify({ tone: "error", message: explain(error, common) }),
  });
  return (
    <Ask
      title={t("end_session_title")}
      text={t("end_session_text", { agent })}
      answer={t("end_session", { agent })}
      destroys
      pending={end.isPending}
      onAnswer={() => end.mutate()}
      onClose={onClose}
    />
  );
}
