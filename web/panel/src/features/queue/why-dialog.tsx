import type { Offer, RoutingDecision } from "@aceno/contract";
import { Alert, Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount } from "@/app/services.tsx";
import { Dialog } from "@/shared/dialog.tsx";
import { explain } from "@/shared/explain.ts";
import { formatMoment, formatTime } from "@/shared/format.ts";
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
  const version = useAccount((state) => state.queueVersion);
  const query = useInfiniteQuery({
    queryKey: ["decisions", id, version],
    queryFn: ({ pageParam, signal }) => api.queue.decisions(id, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: (page) => (page.more ? page.decisions[0]?.id : undefined),
    placeholderData: (before) => before,
    staleTime: 0,
  });
  const pages = query.data?.pages;
  const decisions = pages?.flatMap((page) => page.decisions.toReversed());
  const offers = pages?.flatMap((page) => page.offers) ?? [];
  return (
    <Dialog onClose={onClose} title={t("queue.why_title", { number: `#${number}`, name })} size="lg">
      {query.isError && (
        <Alert color="red" p="xs">
          {t("queue.why_failed")} {explain(query.error, t)}
        </Alert>
      )}
      {!decisions && !query.isError && <p role="status">{t("common.loading")}</p>}
      {decisions?.length === 0 && <p className={classes.empty}>{t("queue.why_empty")}</p>}
      {decisions && (
        <ol className={classes.decisions}>
          {decisions.map((decision) => (
            <Decision
              key={decision.id}
              decision={decision}
              offer={offers.find(({ decision_id }) => decision_id === decision.id)}
            />
          ))}
        </ol>
      )}
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t("queue.why_older")}
        </Button>
      )}
    </Dialog>
  );
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
    <li className={classes.decision}>
      <p className={classes.plain}>
        <time dateTime={new Date(at).toISOString()} title={formatMoment(at, locale)} className={classes.note}>
          {formatTime(at, locale)}
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
