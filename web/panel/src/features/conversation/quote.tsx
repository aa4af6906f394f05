import type { Message } from "@aceno/contract";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useThread } from "@/app/services.tsx";
import { oneLine } from "./intent.ts";
import classes from "./messages.module.css";

/** What a message answers, in one line; pressing it shows that message if it is loaded. */
export function Quote({ message, sequence }: { message: Message; sequence: number }) {
  const { t } = useTranslation();
  const { conversation_id: id } = message;
  const held = useThread(id).messages.find((each) => each.sequence === sequence);
  const asked = useQuery({
    queryKey: ["message", id, sequence],
    queryFn: async ({ signal }) =>
      (await api.conversations.messages(id, { after: sequence - 1, limit: 1 }, signal)).messages[0] ?? null,
    enabled: !held,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const quoted = held ?? asked.data;
  if (!quoted) return <span className={classes.quote}>…</span>;
  const name = quoted.author.name;
  const text = oneLine(quoted, t("message.deleted"));
  return (
    <button
      type="button"
      className={classes.quote}
      aria-label={t("message.quote_of", { name, text })}
      title={t("message.quote_jump")}
      onClick={(event) => show(event.currentTarget, sequence)}
    >
      <b>{name}</b> {text}
    </button>
  );
}

function show(from: HTMLElement, sequence: number): void {
  const article = from.closest("[role=log]")?.querySelector<HTMLElement>(`[data-sequence="${sequence}"]`);
  if (!article) return;
  article.scrollIntoView({ block: "center" });
  article.animate([{ outline: "2px solid var(--brand)" }, { outline: "2px solid transparent" }], 1_200);
}
