import type { Conversation } from "@aceno/contract";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount, usePermission, useServices } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import { tip } from "@/shared/tip.tsx";
import { Ask } from "./ask.tsx";
import { EndSession } from "./end-session.tsx";
import classes from "./supervision.module.css";

const Transfer = lazy(() => import("./transfer.tsx").then((module) => ({ default: module.Transfer })));

/** Does this agent take part in the conversation beside the one in charge? */
export function useJoined(conversation: Conversation): boolean {
  const me = useAccount((state) => state.me.agent.id);
  return conversation.participants.some((each) => each.agent_id === me);
}

type Question = "take_over" | "transfer" | "end" | "end_session";

/** What a supervisor may do with a conversation of somebody else's (T137–T140, T142). */
export function Interventions({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation("supervision");
  const me = useAccount((state) => state.me.agent.id);
  const mayTransfer = usePermission("conversation.transfer");
  const joined = useJoined(conversation);
  const [asking, setAsking] = useState<Question | null>(null);
  const part = useMutation({
    mutationFn: () => (joined ? api.supervision.leave(conversation.id) : api.supervision.join(conversation.id, me)),
    onError: useComplaint(),
  });
  const close = () => setAsking(null);
  return (
    <span className={classes.acts}>
      <Button {...tip(t("join_hint"))} variant="default" loading={part.isPending} onClick={() => part.mutate()}>
        {t(joined ? "leave" : "join")}
      </Button>
      <Button {...tip(t("take_over_hint"))} variant="default" onClick={() => setAsking("take_over")}>
        {t("take_over")}
      </Button>
      {mayTransfer && (
        <Button variant="default" onClick={() => setAsking("transfer")}>
          {t("transfer")}
        </Button>
      )}
      <Button variant="default" onClick={() => setAsking("end")}>
        {t("end")}
      </Button>
      <Button variant="subtle" color="gray" onClick={() => setAsking("end_session")}>
        {t("end_session_short")}
      </Button>
      {(asking === "take_over" || asking === "end") && (
        <Intervene what={asking} conversation={conversation} onClose={close} />
      )}
      {asking === "end_session" && <EndSession agentId={conversation.agent_id ?? ""} onClose={close} />}
      {asking === "transfer" && (
        <Suspense fallback={null}>
          <Transfer conversation={conversation} onClose={close} />
        </Suspense>
      )}
    </span>
  );
}

function useComplaint() {
  const { t } = useTranslation();
  return (error: unknown) => void notify({ tone: "error", message: explain(error, t) });
}

interface InterveneProps {
  what: "take_over" | "end";
  conversation: Conversation;
  onClose: () => void;
}

/** Asks before something that ends another's work. */
function Intervene({ what, conversation, onClose }: InterveneProps) {
  const { t } = useTranslation("supervision");
  const { live } = useServices();
  const desk = useDesk();
  const { id, visitor, agent_id: agentId } = conversation;
  const agent = useAccount((state) => state.agents[agentId ?? ""]?.name ?? "—");
  // Whom the question names: if somebody else has the conversation when it is answered, nothing is done.
  const [from] = useState(agentId ?? "");
  const act = useMutation({
    mutationFn: () => (what === "take_over" ? api.supervision.takeOver(id, from) : api.supervision.stop(id)),
    onSuccess: (changed) => {
      onClose();
      if (what !== "take_over") return;
      live.adopt(changed);
      desk.show(null);
      desk.showConversation(id);
    },
    onError: useComplaint(),
  });
  return (
    <Ask
      title={t(`${what}_title`)}
      text={t(`${what}_text`, { agent, visitor: visitor.name })}
      answer={t(what)}
      destroys={what === "end"}
      pending={act.isPending}
      onAnswer={() => act.mutate()}
      onClose={onClose}
    />
  );
}
