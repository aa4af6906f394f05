import type { Conversation } from "@aceno/contract";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount, useServices } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import { tip } from "@/shared/tip.tsx";
import classes from "./supervision.module.css";

/** Does this agent take part in the conversation beside the one in charge? */
export function useJoined(conversation: Conversation): boolean {
  const me = useAccount((state) => state.me.agent.id);
  return conversation.participants.some((each) => each.agent_id === me);
}

type Question = "take_over" | "end" | "end_session";

/** What a supervisor may do with a conversation of somebody else's (T137–T140, T142). */
export function Interventions({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation("supervision");
  const me = useAccount((state) => state.me.agent.id);
  const joined = useJoined(conversation);
  const [asking, setAsking] = useState<Question | null>(null);
  const part = useMutation({
    mutationFn: () => (joined ? api.supervision.leave(conversation.id) : api.supervision.join(conversation.id, me)),
    onError: useComplaint(),
  });
  return (
    <span className={classes.acts}>
      <Button {...tip(t("join_hint"))} variant="default" loading={part.isPending} onClick={() => part.mutate()}>
        {t(joined ? "leave" : "join")}
      </Button>
      <Button {...tip(t("take_over_hint"))} variant="default" onClick={() => setAsking("take_over")}>
        {t("take_over")}
      </Button>
      <Button variant="default" onClick={() => setAsking("end")}>
        {t("end")}
      </Button>
      <Button variant="subtle" color="gray" onClick={() => setAsking("end_session")}>
        {t("end_session_short")}
      </Button>
      {asking && <Ask question={asking} conversation={conversation} onClose={() => setAsking(null)} />}
    </span>
  );
}

function useComplaint() {
  const { t } = useTranslation();
  return (error: unknown) => void notify({ tone: "error", message: explain(error, t) });
}

interface AskProps {
  question: Question;
  conversation: Conversation;
  onClose: () => void;
}

/** Asks before something that ends another's work. */
function Ask({ question, conversation, onClose }: AskProps) {
  const { t } = useTranslation("supervision");
  const { t: common } = useTranslation();
  const { live } = useServices();
  const desk = useDesk();
  const { id, visitor, agent_id: agentId } = conversation;
  const agent = useAccount((state) => state.agents[agentId ?? ""]?.name ?? "—");
  // Whom the question names: if somebody else has the conversation when it is answered, nothing is done.
  const [from] = useState(agentId ?? "");
  const act = useMutation({
    mutationFn: async (): Promise<Conversation | null> => {
      if (question === "take_over") return await api.supervision.takeOver(id, from);
      if (question === "end") return await api.supervision.stop(id);
      await api.agents.endSession(from);
      return null;
    },
    onSuccess: (changed) => {
      onClose();
      if (question === "end_session") void notify({ message: t("session_ended", { agent }) });
      if (question !== "take_over" || !changed) return;
      live.adopt(changed);
      desk.show(null);
      desk.showConversation(id);
    },
    onError: useComplaint(),
  });
  return (
    <Dialog onClose={onClose} title={t(`${question}_title`)} size="sm">
      <p className={classes.question}>{t(`${question}_text`, { agent, visitor: visitor.name })}</p>
      <div className={classes.answers}>
        <Button variant="default" onClick={onClose}>
          {common("common.cancel")}
        </Button>
        <Button
          color={question === "take_over" ? undefined : "red"}
          loading={act.isPending}
          onClick={() => act.mutate()}
          data-autofocus
        >
          {question === "end_session" ? t("end_session", { agent }) : t(question)}
        </Button>
      </div>
    </Dialog>
  );
}
