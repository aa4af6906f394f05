import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useServices } from "@/app/services.tsx";
import classes from "./conversation.module.css";

/** Reads new messages of visitors to who cannot see them come, without interrupting. */
export function Announcer() {
  const { t } = useTranslation();
  const { live } = useServices();
  const [text, setText] = useState("");
  useEffect(
    () =>
      live.onEvent((event) => {
        if (event.kind !== "conversation.message") return;
        const { message, conversation } = event.payload;
        if (message.author.kind !== "visitor" || conversation.agent_id !== live.getView().state?.me.agent.id) return;
        const said = message.file ? t("conversation.file", { name: message.file.name }) : message.text;
        setText(t("conversation.announce_message", { name: message.author.name, text: said }));
      }),
    [live, t],
  );
  return (
    <div className={classes.spoken} role="status" aria-live="polite">
      {text}
    </div>
  );
}
