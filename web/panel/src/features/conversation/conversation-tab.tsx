import { type Conversation, Problem } from "@aceno/contract";
import { IconX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount, useServerNow, useServices, useThread } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { explain } from "@/shared/explain.ts";
import { formatElapsed } from "@/shared/format.ts";
import { notify } from "@/shared/notify.ts";
import { tip } from "@/shared/tip.tsx";
import classes from "./conversation.module.css";
import { dropDraft } from "./drafts.ts";
import { askForSideTab } from "./side/tabs.ts";
import { isGuest, lateAfter, mayClose, promisedOf, turnOf, unreadOf, waitOf } from "./tab-rules.ts";

/** Number, name, unread, whose turn it is and for how long; its × only works after the end (T105–T107, T124). */
export function ConversationTab({ conversation, front }: { conversation: Conversation; front: boolean }) {
  const { t } = useTranslation();
  const desk = useDesk();
  const thread = useThread(conversation.id);
  const now = useServerNow();
  const unread = unreadOf(conversation, thread.messages);
  const turn = turnOf(conversation);
  const wait = waitOf(conversation, now);
  const close = useCloseConversation();
  const me = useAccount((state) => state.me.agent.id);
  const guest = isGuest(conversation, me);
  const closable = guest || mayClose(conversation);
  const { number, visitor } = conversation;
  const time = formatElapsed(wait);
  const level = useAccount((state) => state.departments[conversation.department_id]?.settings.service_level);
  const promised = promisedOf(conversation, level, now);
  const own = level !== undefined && level.response.warn + level.response.breach > 0;
  const hint = {
    agent: t("conversation.waiting_you", { time }),
    visitor: t("conversation.waiting_visitor"),
    hold: t("conversation.on_hold"),
    over: t("conversation.over"),
  }[turn];
  return (
    <li
      className={classes.tab}
      data-front={front || undefined}
      data-turn={turn}
      data-late={promised !== "kept" || (!own && wait >= lateAfter) || undefined}
      data-promised={promised}
      data-testid="conversation-tab"
      data-number={number}
    >
      <button
        type="button"
        className={classes.tabButton}
        aria-current={front ? "true" : undefined}
        onClick={() => desk.showConversation(conversation.id)}
        title={`#${number} ${visitor.name}\n${hint}${promised === "kept" ? "" : `\n${t(`conversation.promised_${promised}`)}`}`}
      >
        <i className={classes.turn} aria-hidden />
        <span className={classes.tabName}>
          <span className={classes.number}>#{number}</span> {visitor.name}
        </span>
        {unread > 0 && (
          <span className={classes.unread}>
            <span aria-hidden>{unread > 99 ? "99+" : unread}</span>
            <span className={classes.spoken}>{t("conversation.unread", { count: unread })}</span>
          </span>
        )}
        {turn === "agent" && <span className={classes.wait}>{time}</span>}
        {turn !== "agent" && <span className={classes.spoken}>{hint}</span>}
        {promised !== "kept" && (
          <span className={classes.promised}>
            <span aria-hidden>{promised === "breach" ? "!!" : "!"}</span>
            <span className={classes.spoken}>{t(`conversation.promised_${promised}`)}</span>
          </span>
        )}
      </button>
      <button
        {...tip(
          guest
            ? t("conversation.leave")
            : closable
              ? t("conversation.close")
              : t("conversation.close_refused", { number }),
        )}
        type="button"
        className={classes.tabClose}
        aria-disabled={!closable}
        aria-label={guest ? t("conversation.leave") : t("conversation.close_tab", { number })}
        onClick={() => {
          if (closable) close.mutate(conversation);
          else {
            void notify({
              id: `refused-${conversation.id}`,
              tone: "warning",
              title: t("conversation.close_refused_title"),
              message: t("conversation.close_refused", { number }),
            });
          }
        }}
      >
        <IconX size={12} aria-hidden />
      </button>
    </li>
  );
}

/** Closes the tab of an ended conversation, or leaves one in which the agent is a guest. */
export function useCloseConversation() {
  const { t } = useTranslation();
  const desk = useDesk();
  const { live } = useServices();
  const me = useAccount((state) => state.me.agent.id);
  return useMutation({
    mutationFn: (conversation: Conversation) =>
      isGuest(conversation, me) ? api.conversations.leave(conversation.id) : api.conversations.close(conversation.id),
    onSuccess: (conversation) => {
      dropDraft(conversation.id);
      live.adopt(conversation);
    },
    onError: (error, { id }) => {
      void notify({ tone: "error", message: explain(error, t) });
      if (!(error instanceof Problem) || error.code !== "conversation_form_unanswered") return;
      askForSideTab(id, "form"); // T108: there it is to be filled in
      desk.showConversation(id);
    },
  });
}
