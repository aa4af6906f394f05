import "@/app/i18n/offer/index.ts";
import type { Conversation } from "@aceno/contract";
import { IconBellRinging } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useAccount, useServerNow } from "@/app/services.tsx";
import classes from "./offer.module.css";
import { seconds, unanswered } from "./unanswered.ts";

/** In the conversation that the roulette gave: how long the agent has for the first word. */
export function AnswerNote({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation("offer");
  const until = useAccount((state) => state.answers[conversation.id] ?? 0);
  const now = useServerNow();
  if (until <= now || !unanswered(conversation)) return null;
  return (
    <p className={classes.first}>
      <IconBellRinging size={14} aria-hidden /> {t("write", { seconds: seconds(until - now) })}
    </p>
  );
}
