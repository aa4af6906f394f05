import type { Conversation } from "@aceno/contract";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useServices } from "@/app/services.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import { AgentChoice } from "./agent-choice.tsx";
import classes from "./transfer.module.css";

/** Brings a colleague into a conversation, beside the agent in charge (P04). */
export function InviteDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation();
  const { live } = useServices();
  const [chosen, setChosen] = useState<string | null>(null);
  const invite = useMutation({
    mutationFn: (agent: string) => api.conversations.join(conversation.id, agent),
    onSuccess: (joined) => {
      live.adopt(joined);
      onClose();
    },
    onError: (error) => void notify({ tone: "error", message: explain(error, t) }),
  });
  return (
    <Dialog onClose={onClose} title={t("transfer.invite_title", { name: conversation.visitor.name })}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen) invite.mutate(chosen);
        }}
      >
        <AgentChoice
          conversation={conversation}
          without={conversation.participants.map(({ agent_id }) => agent_id)}
          chosen={chosen}
          onChoose={setChosen}
        />
        <div className={classes.answers}>
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" disabled={chosen === null} loading={invite.isPending}>
            {t("transfer.invite")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
