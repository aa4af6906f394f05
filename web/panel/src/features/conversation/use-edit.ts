import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useServices } from "@/app/services.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import type { Intent } from "./intent.ts";

/** While a sent message is changed: its text in place of the draft, which stays as it was. */
export function useEdit(intent: Intent | null, onDone: () => void) {
  const { t } = useTranslation();
  const { threads } = useServices();
  const message = intent?.kind === "edit" ? intent.message : null;
  const [text, setText] = useState("");
  useEffect(() => setText(message?.text ?? ""), [message]);
  const change = useMutation({
    mutationFn: (sent: { id: string; sequence: number; text: string }) =>
      api.conversations.edit(sent.id, sent.sequence, sent.text),
    onSuccess: (changed) => {
      threads.renew([changed]);
      onDone();
    },
    onError: (error) => void notify({ tone: "error", message: explain(error, t) }),
  });
  const save = () => {
    if (!message || change.isPending) return;
    if (text.trim() === message.text) onDone();
    else change.mutate({ id: message.conversation_id, sequence: message.sequence, text: text.trim() });
  };
  return { on: message !== null, text, setText, save };
}
