import "@/app/i18n/transfer/index.ts";
import type { Transfer } from "@aceno/contract";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { useAccount, useServerNow, useServices } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import { explain } from "@/shared/explain.ts";
import { notify } from "@/shared/notify.ts";
import classes from "./transfer.module.css";

/** The transfers that wait for this agent's answer, over whatever else is on the screen (T111). */
export function IncomingTransfers() {
  const { t } = useTranslation();
  const me = useAccount((state) => state.me.agent.id);
  const transfers = useAccount((state) => state.transfers);
  const now = useServerNow();
  const waiting = Object.values(transfers).filter((each) => each.to_agent_id === me && each.due_at > now);
  useOutcome();
  if (waiting.length === 0) return null;
  return (
    <section className={classes.incoming} aria-label={t("transfer.incoming_region")}>
      {waiting.map((transfer) => (
        <Card key={transfer.id} transfer={transfer} now={now} />
      ))}
    </section>
  );
}

function Card({ transfer, now }: { transfer: Transfer; now: number }) {
  const { t } = useTranslation();
  const { live } = useServices();
  const desk = useDesk();
  const from = useAccount((state) => state.agents[transfer.by_agent_id]?.name ?? "");
  const department = useAccount((state) => state.departments[transfer.department_id]?.name ?? "");
  const answer = useMutation({
    mutationFn: async (accepted: boolean) => {
      if (!accepted) return api.transfers.decline(transfer.id);
      const conversation = await api.transfers.accept(transfer.id);
      live.adopt(conversation);
      desk.showConversation(conversation.id);
    },
    onError: (error) => void notify({ tone: "error", message: explain(error, t) }),
  });
  return (
    <article className={classes.card} role="alert">
      <h3>{t("transfer.incoming_title", { from })}</h3>
      <p>{t("transfer.incoming", { number: transfer.number, name: transfer.visitor_name, department })}</p>
      {transfer.note && <blockquote>{transfer.note}</blockquote>}
      <div className={classes.answers}>
        <span className={classes.hint} aria-hidden>
          {t("transfer.seconds", { seconds: Math.ceil((transfer.due_at - now) / 1000) })}
        </span>
        <Button variant="default" disabled={answer.isPending} onClick={() => answer.mutate(false)}>
          {t("transfer.decline")}
        </Button>
        <Button loading={answer.isPending} onClick={() => answer.mutate(true)}>
          {t("transfer.accept")}
        </Button>
      </div>
    </article>
  );
}

/** Tells how the agent's own transfers ended, and that a hold is over. */
function useOutcome(): void {
  const { t } = useTranslation();
  const { live } = useServices();
  const me = useAccount((state) => state.me.agent.id);
  useEffect(
    () =>
      live.onEvent((event) => {
        if (event.kind === "conversation.transfer") {
          const { from_agent_id, state, number } = event.payload.transfer;
          if (from_agent_id !== me || (state !== "declined" && state !== "expired")) return;
          void notify({ tone: "warning", message: t(`transfer.${state}`, { number }), stays: 10_000 });
        }
        if (event.kind === "conversation.noted" && event.payload.reminder) {
          const { agent_id, number, visitor } = event.payload.conversation;
          if (agent_id !== me) return;
          void notify({ message: t("transfer.reminder", { number, name: visitor.name }), stays: false });
        }
      }),
    [live, me, t],
  );
}
