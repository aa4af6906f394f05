import "@/app/i18n/transfer/index.ts";
import type { Conversation } from "@aceno/contract";
import { Badge, Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount, useServerNow, useServices } from "@/app/services.tsx";
import { explain } from "@/shared/explain.ts";
import { formatTime } from "@/shared/format.ts";
import { notify } from "@/shared/notify.ts";
import { useHold } from "./pane-actions.tsx";
import classes from "./transfer.module.css";

/** What an agent must know of a conversation before writing: its transfer, its hold, who else takes part, its tags. */
export function PaneNotes({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const me = useAccount((state) => state.me.agent.id);
  const agents = useAccount((state) => state.agents);
  const { participants, tags } = conversation;
  const others = participants
    .filter(({ agent_id }) => agent_id !== me)
    .map(({ agent_id }) => agents[agent_id]?.name ?? "");
  const guest = participants.some(({ agent_id }) => agent_id === me);
  return (
    <>
      <Outgoing conversation={conversation} />
      <Hold conversation={conversation} />
      {(others.length > 0 || guest || tags.length > 0) && (
        <div className={classes.note}>
          {guest && <span>{t("transfer.guest")}</span>}
          {others.length > 0 && <span>{t("transfer.take_part", { names: others.join(", ") })}</span>}
          {tags.map((tag) => (
            <Badge key={tag} variant="default" radius="sm" tt="none">
              {tag}
            </Badge>
          ))}
          {guest && <Leave id={conversation.id} />}
        </div>
      )}
    </>
  );
}

function Outgoing({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const me = useAccount((state) => state.me.agent.id);
  const now = useServerNow();
  const transfer = useAccount((state) =>
    Object.values(state.transfers).find((each) => each.conversation_id === conversation.id && each.to_agent_id !== me),
  );
  const name = useAccount((state) => (transfer ? (state.agents[transfer.to_agent_id]?.name ?? "") : ""));
  const withdraw = useMutation({
    mutationFn: (id: string) => api.transfers.withdraw(id),
    onError: (error) => void notify({ tone: "error", message: explain(error, t) }),
  });
  if (!transfer) return null;
  const seconds = Math.max(0, Math.ceil((transfer.due_at - now) / 1000));
  return (
    <div className={classes.note} data-loud>
      <span>{t("transfer.waiting", { name, seconds })}</span>
      <Button
        variant="default"
        size="compact-xs"
        loading={withdraw.isPending}
        onClick={() => withdraw.mutate(transfer.id)}
      >
        {t("transfer.withdraw")}
      </Button>
    </div>
  );
}

function Hold({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const hold = useHold(conversation.id);
  if (conversation.hold_until === null || conversation.state !== "active") return null;
  return (
    <div className={classes.note}>
      <span>{t("transfer.held_until", { time: formatTime(conversation.hold_until, currentLocale()) })}</span>
      <Button variant="default" size="compact-xs" loading={hold.isPending} onClick={() => hold.mutate(null)}>
        {t("transfer.unhold")}
      </Button>
    </div>
  );
}

function Leave({ id }: { id: string }) {
  const { t } = useTranslation();
  const { live } = useServices();
  const leave = useMutation({
    mutationFn: () => api.conversations.leave(id),
    onSuccess: (conversation) => live.adopt(conversation),
    onError: (error) => void notify({ tone: "error", message: explain(error, t) }),
  });
  return (
    <Button variant="default" size="compact-xs" loading={leave.isPending} onClick={() => leave.mutate()}>
      {t("transfer.leave")}
    </Button>
  );
}
