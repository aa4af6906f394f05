import type { Conversation } from "@aceno/contract";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useServices } from "@/app/services.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./conversation.module.css";

/** Asks before a conversation is ended (T122). */
export function EndDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation();
  const { live } = useServices();
  const end = useMutation({
    mutationFn: () => api.conversations.end(conversation.id),
    onSuccess: (ended) => {
      onClose();
      live.adopt(ended);
    },
    onError: (error) => void notify({ tone: "error", message: explain(error, t) }),
  });
  return (
    <Dialog onClose={onClose} title={t("conversation.end_title")} size="sm">
      <p className={classes.question}>{t("conversation.end_text", { name: conversation.visitor.name })}</p>
      <div className={classes.answers}>
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button color="red" loading={end.isPending} onClick={() => end.mutate()} data-autofocus>
          {t("conversation.end_full")}
        </Button>
      </div>
    </Dialog>
  );
}
