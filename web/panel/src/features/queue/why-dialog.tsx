import "@/app/i18n/queue/index.ts";
import type { Offer, RoutingDecision } from "@aceno/contract";
import { Alert } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount } from "@/app/services.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { formatMoment, formatTime, formatTimeNear } from "@/shared/format.ts";
import { MoreButton } from "@/shared/more-button.tsx";
import classes from "./queue.module.css";
import { isAble } from "./reasons.ts";

interface WhyDialogProps {
  id: string;
  number: number;
  name: string;
  onClose: () => void;
}

/** Why a conversation went to whom it went: each decision with its candidates and reasons, the newest first (B05). */
export function WhyDialog({ id, number, name, onClose }: WhyDialogProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const query = useDecisions(id);
  const pages = query.data?.pages;
  const decisions = pages?.flatMap((page) => page.decisions.toReversed());
  const offers = pages?.flatMap((page) => page.offers) ?? [];
  return (
    <Dialog onClose={onClose} title={t("queue.why_title", { number: `#${number}`, name })} size="lg">
      {!decisions && !query.isError && <p role="status">{t("common.loading")}</p>}
      {decisions?.length === 0 && <p className={classes.empty}>{t("queue.why_empty")}</p>}
      {decisions && (
        <ol ref={list} className={classes.decisions}>
          {decisions.map((decision) => (
            <Decision
              key={decision.id}
              decision={decision}
              offer={offers.find(({ decision_id }) => decision_id === decision.id)}
            />
          ))}
        </ol>
      )}
      <div className={classes.older}>
        {query.isError && (
          <Alert color="red" p="xs" role="alert">
            {t("queue.why_failed")} {explain(query.error, t)}
          </Alert>
        )}
        <MoreButton query={query} entries={() => Array.from(list.current?.children ?? []) as HTMLElement[]}>
          {t("queue.why_older")}
        </MoreButton>
      </div>
    </Dialog>
  );
}

/**
 * The decisions as far back as they were asked for, read again when the queue changes: the older ones stay in sight. A change that comes
 * while some are read is followed up afterwards: a queue that moves all the time would else never let a page arrive.
 */
function useDecisions(id: string) {
  const version = useAccount((state) => state.queueVersion);
  const read = useRef(version);
  const query = useInfiniteQuery({
    queryKey: ["decisions", id],
    queryFn: ({ pageParam, signal }) => api.queue.decisions(id, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: (page) => (page.more ? page.decisions[0]?.id : undefined),
    staleTime: 0,
  });
  const { isFetching, refetch } = query;
  useEffect(() => {
    if (isFetching || read.current === version) return;
    read.current = version;
    void refetch();
  }, [isFetching, version, refetch]);
  return {
    ...query,
    fetchNextPage: () => {
      if (isFetching) read.current = -1; // what is being read is given up for it
      return query.fetchNextPage();
    },
  };
}

function Decision({ decision, offer }: { decision: RoutingDecision; offer: Offer | undefined }) {
  const { t } = useTranslation();
  const agents = useAccount((state) => state.agents);
  const locale = currentLocale();
  const nameOf = (id: string) => agents[id]?.name ?? "—";
  const { at, event, reasons } = decision;
  const { conversation_id: picked, agent_id: agentId = "" } = decision.decision;
  const pulled = event.kind === "next_requested";
  const others = reasons.conversations.filter(({ conversation_id: id }) => id !== picked);
  const why = reasons.conversations.find(({ conversation_id: id }) => id === picked);
  const first = reasons.agents?.find(({ agent_id: id }) => id === agentId);
  return (
    // Takes the focus when it is the first of those that were asked for.
    <li className={classes.decision} tabIndex={-1}>
      <p className={classes.plain}>
        <time dateTime={new Date(at).toISOString()} title={formatMoment(at, locale)} className={classes.note}>
          {formatTimeNear(at, Date.now(), locale)}
        </time>{" "}
        <b>{t(pulled ? "queue.decided.next" : "queue.decided.offer", { agent: nameOf(agentId) })}</b>
        {": "}
        {first ? t(`queue.reason.${first.reason}`) : why && t(`queue.conversation_reason.${why.reason}`)}
      </p>
      {offer && <p className={classes.plain}>{outcome(offer)}</p>}
      {reasons.agents && (
        <Reasons
          title={t("queue.candidates")}
          list={reasons.agents.map(({ agent_id, reason }) => ({
            key: agent_id,
            name: nameOf(agent_id),
            reason: t(`queue.reason.${reason}`),
            able: isAble(reason),
          }))}
        />
      )}
      {pulled && others.length > 0 && (
        <Reasons
          title={t("queue.others")}
          list={others.map(({ conversation_id, number, reason }) => ({
            key: conversation_id,
            name: `#${number}`,
            reason: t(`queue.conversation_reason.${reason}`),
            able: false,
          }))}
        />
      )}
    </li>
  );

  function outcome({ state, reason, ended_at: ended }: Offer): string {
    switch (state) {
      case "withdrawn":
        return t(reason === "agent" ? "queue.outcome.withdrawn_agent" : "queue.outcome.withdrawn_conversation");
      case "accepted":
        return t("queue.outcome.accepted", { time: formatTime(ended ?? at, locale) });
      default:
        return t(`queue.outcome.${state}`);
    }
  }
}

interface ReasonsProps {
  title: string;
  list: { key: string; name: string; reason: string; able: boolean }[];
}

function Reasons({ title, list }: ReasonsProps) {
  return (
    <details className={classes.details}>
      <summary>
        {title} ({list.length})
      </summary>
      <ol className={classes.reasons}>
        {list.map(({ key, name, reason, able }) => (
          <li key={key} data-able={able || undefined}>
            {name} <span className={classes.note}>· {reason}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
