import "@/app/i18n/offer/index.ts";
import type { Conversation, OfferMade } from "@aceno/contract";
import { Button, Progress } from "@mantine/core";
import { IconBellRinging } from "@tabler/icons-react";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, useServerNow } from "@/app/services.tsx";
import { useDesk } from "@/app/shell/desk.tsx";
import classes from "./offer.module.css";
import { seconds, unanswered } from "./unanswered.ts";
import { useAcknowledge } from "./use-acknowledge.ts";

/**
 * The roulette's offers, and the conversations it gave that still wait for a first word, except the one that the agent looks at: it says so
 * itself, and a card would cover the field to write in.
 */
export function OfferCards() {
  const { t } = useTranslation("offer");
  const offers = useAccount((state) => state.offers);
  const answers = useAccount((state) => state.answers);
  const conversations = useAccount((state) => state.conversations);
  const { front, minimised } = useDesk();
  const atDesk = useRouterState({ select: (state) => state.location.pathname === "/" });
  const looksAt = atDesk && !minimised ? front : null;
  const given = Object.keys(answers).flatMap((id) =>
    id !== looksAt && unanswered(conversations[id]) ? [conversations[id]] : [],
  );
  const made = Object.values(offers);
  if (made.length + given.length === 0) return null;
  return (
    <section className={classes.cards} aria-label={t("label")}>
      {made.map((one) => (
        <OfferCard key={one.offer.id} made={one} />
      ))}
      {given.map((conversation) => (
        <AnswerCard key={conversation.id} conversation={conversation} until={answers[conversation.id] ?? 0} />
      ))}
    </section>
  );
}

function OfferCard({ made }: { made: OfferMade }) {
  const { t } = useTranslation("offer");
  const now = useServerNow();
  useAcknowledge(made.offer);
  const left = made.offer.deadline_at - now;
  return (
    <Card
      name={made.visitor_name}
      number={made.number}
      department={made.offer.department_id}
      share={left / (made.offer.deadline_at - made.offer.offered_at)}
    >
      <p>{t("accepting", { seconds: seconds(left) })}</p>
    </Card>
  );
}

function AnswerCard({ conversation, until }: { conversation: Conversation; until: number }) {
  const { t } = useTranslation("offer");
  const desk = useDesk();
  const navigate = useNavigate();
  const open = () => {
    desk.showConversation(conversation.id);
    void navigate({ to: "/" });
  };
  const now = useServerNow();
  const left = until - now;
  if (left <= 0) return null;
  return (
    <Card
      name={conversation.visitor.name}
      number={conversation.number}
      department={conversation.department_id}
      share={left / (until - (conversation.joined_at ?? now))}
    >
      <p>{t("write", { seconds: seconds(left) })}</p>
      <Button size="compact-sm" onClick={open}>
        {t("open")}
      </Button>
    </Card>
  );
}

interface CardProps {
  name: string;
  number: number;
  department: string;
  /** Of the time, what is left: from 1 to 0. */
  share: number;
  children: ReactNode;
}

function Card({ name, number, department, share, children }: CardProps) {
  const { t } = useTranslation("offer");
  const place = useAccount((state) => state.departments[department]?.name ?? "—");
  return (
    <article className={classes.card}>
      {/* Read out once: the seconds below would be read out each time they change. */}
      <div role="alert">
        <h2>
          <IconBellRinging size={16} aria-hidden /> {t("title")}
        </h2>
        <p className={classes.name}>{name}</p>
        <p className={classes.note}>{t("from", { number: `#${number}`, department: place })}</p>
      </div>
      <div className={classes.answer}>{children}</div>
      <Progress size="xs" value={Math.max(0, Math.min(1, share)) * 100} aria-hidden />
    </article>
  );
}
