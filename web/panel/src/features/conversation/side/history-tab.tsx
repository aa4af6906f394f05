import "@/app/theme/forms.ts";
import type { Conversation, Message, PastConversation } from "@aceno/contract";
import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowLeft } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount } from "@/app/services.tsx";
import { formatMoment, formatTime } from "@/shared/format.ts";
import { systemText } from "../message-line.tsx";
import { Failed } from "./failed.tsx";
import classes from "./side.module.css";

/** Earlier conversations of the same person, searched in full; one opens with all its text (T128, T131). */
export function HistoryTab({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState<Conversation | null>(null);
  const [words] = useDebouncedValue(search.trim(), 300);
  const { id } = conversation;
  const query = useInfiniteQuery({
    queryKey: ["history", id, words],
    queryFn: ({ pageParam, signal }) =>
      api.conversations.history(
        id,
        { ...(pageParam > 0 && { before: pageParam }), ...(words && { q: words }) },
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.more ? page.oldest : undefined),
    staleTime: 0,
  });
  if (open) return <Transcript conversation={open} onBack={() => setOpen(null)} />;
  const all = query.data?.pages.flatMap((page) => page.conversations) ?? [];
  const hidden = query.data?.pages.reduce((sum, page) => sum + page.hidden, 0) ?? 0;
  return (
    <div className={classes.stack}>
      <TextInput
        type="search"
        aria-label={t("side.history_search")}
        placeholder={t("side.history_search")}
        maxLength={100}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Failed query={query} />
      {query.data && all.length === 0 && (
        <p className={classes.quiet}>{t(words ? "side.history_nothing" : "side.history_empty")}</p>
      )}
      {all.length > 0 && (
        <ul className={classes.list}>
          {all.map((past) => (
            <li key={past.conversation.id}>
              <PastItem past={past} onOpen={() => setOpen(past.conversation)} />
            </li>
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <Button
          variant="default"
          size="compact-sm"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("side.history_more")}
        </Button>
      )}
      {hidden > 0 && <p className={classes.quiet}>{t("side.history_hidden", { count: hidden })}</p>}
    </div>
  );
}

function PastItem({ past, onOpen }: { past: PastConversation; onOpen: () => void }) {
  const { t } = useTranslation();
  const { conversation, by, hits } = past;
  const department = useAccount((state) => state.departments[conversation.department_id]?.name ?? "");
  const agent = useAccount((state) => (conversation.agent_id ? (state.agents[conversation.agent_id]?.name ?? "") : ""));
  return (
    <button type="button" className={classes.past} onClick={onOpen} data-testid="past">
      <span>
        <strong>#{conversation.number}</strong> {formatMoment(conversation.queue_entered_at, currentLocale())}
      </span>
      <span className={classes.row}>
        <span>{department}</span>
        <span>{agent || t("side.unattended")}</span>
        <span>{t(`side.state_${conversation.state}`)}</span>
        {conversation.rating !== null && <span>{conversation.rating}/5</span>}
      </span>
      <span className={classes.row}>{t(`side.by_${by}`)}</span>
      {hits.length > 0
        ? hits.map((hit) => <q key={hit.sequence}>{hit.text}</q>)
        : conversation.last_message && <span className={classes.row}>{conversation.last_message.text}</span>}
    </button>
  );
}

const pageSize = 200;

function Transcript({ conversation, onBack }: { conversation: Conversation; onBack: () => void }) {
  const { t } = useTranslation();
  const { id, number } = conversation;
  const query = useInfiniteQuery({
    queryKey: ["messages", "past", id],
    queryFn: ({ pageParam, signal }) => api.conversations.messages(id, { after: pageParam, limit: pageSize }, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.more ? page.messages.at(-1)?.sequence : undefined),
  });
  const messages = query.data?.pages.flatMap((page) => page.messages) ?? [];
  return (
    <section className={classes.stack} aria-label={t("side.history_full", { number })}>
      <div className={classes.signed}>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconArrowLeft size={14} />}
          onClick={onBack}
          data-autofocus
        >
          {t("side.history_back")}
        </Button>
        <strong>#{number}</strong>
      </div>
      <Failed query={query} />
      <div className={classes.transcript}>
        {messages.map((message) => (
          <Said key={message.sequence} message={message} visitor={conversation.visitor.name} />
        ))}
      </div>
      {query.hasNextPage && (
        <Button
          variant="default"
          size="compact-sm"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("conversation.new_messages", { count: pageSize })}
        </Button>
      )}
    </section>
  );
}

function Said({ message, visitor }: { message: Message; visitor: string }) {
  const { t } = useTranslation();
  const { author, kind, text, file, at } = message;
  const locale = currentLocale();
  const when = (
    <time dateTime={new Date(at).toISOString()} title={formatMoment(at, locale)}>
      {formatTime(at, locale)}
    </time>
  );
  if (kind === "system")
    return (
      <small className={classes.quiet}>
        {systemText(message, visitor, t)} · {when}
      </small>
    );
  const internal = message.audience === "agents";
  return (
    <article className={classes.said} data-side={internal ? "internal" : author.kind}>
      <small>
        {author.name} {internal && `(${t("conversation.internal_label")})`} · {when}
      </small>
      {file ? (
        <a href={`${file.url}`} download={file.name}>
          {file.name}
        </a>
      ) : (
        <p>{message.deleted_at ? <em>{t("message.deleted")}</em> : text}</p>
      )}
    </article>
  );
}
