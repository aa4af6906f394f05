import type { Message } from "@aceno/contract";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount, useServices } from "@/app/services.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./messages.module.css";

/** What one may react with, as the server has it. */
export const emojis: readonly string[] = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** The signs below a message; one's own is taken back by pressing it. */
export function Reactions({ message }: { message: Message }) {
  const { t } = useTranslation();
  const me = useAccount((state) => state.me.agent.id);
  const react = useReact(message);
  const reactions = message.reactions ?? [];
  if (reactions.length === 0) return null;
  return (
    <span className={classes.reactions}>
      {[...new Set(reactions.map(({ emoji }) => emoji))].map((emoji) => {
        const list = reactions.filter((reaction) => reaction.emoji === emoji);
        const own = list.some(({ by, id }) => by === "agent" && id === me);
        const names = list.map(({ name }) => name).join(", ");
        const label = t("message.reacted", { names, emoji });
        return (
          <button
            key={emoji}
            type="button"
            aria-pressed={own}
            aria-label={label}
            title={label}
            onClick={() => react.mutate(own ? "" : emoji)}
          >
            {emoji} {list.length > 1 && list.length}
          </button>
        );
      })}
    </span>
  );
}

/** Sets the agent's reaction; the empty one takes it back. */
export function useReact(message: Message) {
  const { t } = useTranslation();
  const { threads } = useServices();
  return useMutation({
    mutationFn: (emoji: string) => api.conversations.react(message.conversation_id, message.sequence, emoji),
    onSuccess: (changed) => threads.renew([changed]),
    onError: (error) => void notify({ tone: "error", message: explain(error, t) }),
  });
}
