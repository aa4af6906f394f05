import { useTranslation } from "react-i18next";
import { useServerNow } from "@/app/services.tsx";
import { formatElapsed } from "@/shared/format.ts";

/** Whether the visitor waits for an answer, and since when. */
export function Unanswered({ since }: { since: number | null }) {
  const { t } = useTranslation();
  const now = useServerNow();
  if (since === null) return t("queue.answered");
  return <span data-loud>{t("queue.waits_agent", { time: formatElapsed(now - since) })}</span>;
}
