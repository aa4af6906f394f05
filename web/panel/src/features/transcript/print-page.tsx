import "@/app/i18n/conversation/index.ts";
import "@/app/i18n/transcript/index.ts";
import "@/app/theme/forms.ts";
import type { Conversation, Message } from "@aceno/contract";
import { Button, Switch } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/app/api.ts";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount } from "@/app/services.tsx";
import { systemText } from "@/features/conversation/message-line.tsx";
import { explain } from "@/shared/explain.ts";
import { formatMoment } from "@/shared/format.ts";
import classes from "./transcript.module.css";

/** One conversation on paper, or as a PDF by the browser's own print dialog (P04). Internal messages only when asked for. */
export function PrintPage() {
  const { t } = useTranslation("transcript");
  const { t: common } = useTranslation();
  const { id = "" } = useParams({ strict: false });
  const [internal, setInternal] = useState(false);
  const asked = useQuery({
    queryKey: ["print", id],
    queryFn: ({ signal }) => wholeConversation(id, signal),
    staleTime: 0,
  });
  useEffect(() => {
    const before = document.title;
    if (asked.data) document.title = t("number", { number: asked.data.conversation.number });
    return () => {
      document.title = before;
    };
  }, [asked.data, t]);
  if (asked.isError) return <p role="alert">{explain(asked.error, common)}</p>;
  if (!asked.data) return <p role="status">{t("loading")}</p>;
  const { conversation, messages } = asked.data;
  return (
    <main className={classes.paper}>
      <div className={classes.tools}>
        <a href="/">{t("back")}</a>
        <Switch
          label={t("internal")}
          checked={internal}
          onChange={(event) => setInternal(event.currentTarget.checked)}
        />
        <Button leftSection={<IconPrinter size={15} />} onClick={() => window.print()}>
          {t("print_now")}
        </Button>
      </div>
      <Head conversation={conversation} />
      <ol className={classes.messages}>
        {messages
          .filter(({ audience }) => internal || audience === "visitor")
          .map((message) => (
            <Line key={message.sequence} message={message} visitor={conversation.visitor.name} />
          ))}
      </ol>
    </main>
  );
}

function Head({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation("transcript");
  const locale = currentLocale();
  const account = useAccount((state) => state.me.account.name);
  const department = useAccount((state) => state.departments[conversation.department_id]?.name ?? "");
  const agent = useAccount((state) => state.agents[conversation.agent_id ?? ""]?.name ?? "");
  const [now] = useState(() => Date.now());
  const { visitor, queue_entered_at: from, ended_at: until } = conversation;
  const facts = [
    [t("visitor"), [visitor.name, visitor.email].filter(Boolean).join(" · ")],
    [t("department"), department],
    [t("agent"), agent],
    [
      t("period"),
      [from, until]
        .filter((at) => at !== null)
        .map((at) => formatMoment(at, locale))
        .join(" – "),
    ],
  ] as const;
  return (
    <header>
      <h1>
        {account} · {t("number", { number: conversation.number })}
      </h1>
      <dl>
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <small>{t("printed", { time: formatMoment(now, locale) })}</small>
    </header>
  );
}

function Line({ message, visitor }: { message: Message; visitor: string }) {
  const { t } = useTranslation("transcript");
  const { t: panel } = useTranslation();
  const time = <time>{formatMoment(message.at, currentLocale())}</time>;
  if (message.kind === "system") {
    return (
      <li data-side="system">
        {time} {systemText(message, visitor, panel)}
      </li>
    );
  }
  const { author, file, text } = message;
  return (
    <li data-side={message.audience === "agents" ? "internal" : author.kind}>
      {time} <b>{author.name}</b>
      {message.audience === "agents" && ` (${t("internal_mark")})`}
      <p>
        {message.deleted_at ? <em>{t("deleted")}</em> : file ? `[${t("file", { name: file.name })}] ${text}` : text}
        {message.edited_at && !message.deleted_at && <small> ({t("edited")})</small>}
      </p>
    </li>
  );
}

/** The conversation with every message of it, from the first. */
async function wholeConversation(id: string, signal: AbortSignal) {
  const conversation = await api.conversations.get(id);
  const messages: Message[] = [];
  for (;;) {
    const page = await api.conversations.messages(id, { after: messages.at(-1)?.sequence ?? 0, limit: 200 }, signal);
    messages.push(...page.messages);
    if (!page.more || page.messages.length === 0) return { conversation, messages };
  }
}
