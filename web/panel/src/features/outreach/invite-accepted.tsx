import { type Conversation, newKey } from "@aceno/contract";
import { Button } from "@mantine/core";
import i18next from "i18next";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useServices } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { explain } from "@/shared/explain.ts";
import { dismissNotice, notify } from "@/shared/notify.ts";

interface InviteAcceptedProps {
  /** The agent took the conversation: the way to it, where it is not on the screen. */
  onTaken?: () => void;
}

/** Tells the agent whose invite was accepted, who has it first for a short time (T076). */
export function InviteAccepted({ onTaken }: InviteAcceptedProps) {
  const { live } = useServices();
  const { t } = useTranslation();
  const desk = useDesk();
  const show = useRef((_: string) => {});
  show.current = (id) => {
    desk.showConversation(id);
    onTaken?.();
  };

  useEffect(() => {
    const id = (conversation: string) => `invite-${conversation}`;
    const attend = async (conversation: Conversation) => {
      void dismissNotice(id(conversation.id));
      try {
        const taken = await api.queue.next(newKey());
        live.adopt(taken);
        show.current(taken.id);
      } catch (error) {
        void notify({ tone: "warning", message: explain(error, t) });
      }
    };
    return live.onEvent((event) => {
      if (event.kind === "conversation.claimed" || event.kind === "conversation.abandoned")
        void dismissNotice(id(event.payload.conversation.id));
      if (event.kind !== "conversation.queued") return;
      const { conversation } = event.payload;
      const { state, clockOffset } = live.getView();
      const until = conversation.preferred_until;
      if (!state || conversation.preferred_agent_id !== state.me.agent.id || until === null) return;
      const left = until - (Date.now() + clockOffset);
      if (left <= 0) return;
      void notify({
        id: id(conversation.id),
        title: i18next.t("outreach:accepted_title"),
        message: (
          <>
            <p>{i18next.t("outreach:accepted", { name: conversation.visitor.name })}</p>
            <Button size="xs" onClick={() => void attend(conversation)}>
              {i18next.t("outreach:attend")}
            </Button>
          </>
        ),
        stays: left,
      });
    });
  }, [live, t]);
  return null;
}
