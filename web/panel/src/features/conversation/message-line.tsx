import type { Message } from "@aceno/contract";
import { ActionIcon, Button } from "@mantine/core";
import { IconAlertCircle, IconCheck, IconChecks, IconClock, IconDots, IconFile, IconLock } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { lazy, memo } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { useServices } from "@/app/services.tsx";
import { explain } from "@/shared/explain.ts";
import { formatBytes, formatMoment, formatTime } from "@/shared/format.ts";
import { Linked } from "@/shared/linked.tsx";
import { Opener } from "@/shared/opener.tsx";
import type { Intent } from "./intent.ts";
import classes from "./messages.module.css";
import type { Pending } from "./outbox.ts";
import { Quote } from "./quote.tsx";
import { Reactions } from "./reactions.tsx";

const MessageMenu = lazy(() => import("./message-menu.tsx").then((module) => ({ default: module.MessageMenu })));

const previewable = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** A stored message: the visitor's at the left, the agents' at the right, internal ones apart, system ones in the middle. */
export const MessageLine = memo(function MessageLine(props: MessageLineProps) {
  const { message, visitor, seenUpTo } = props;
  const { t } = useTranslation();
  if (message.kind === "system") {
    return (
      <div className={classes.system} data-testid="message" data-kind="system">
        {message.audience === "agents" && <IconLock size={11} aria-label={t("conversation.internal_label")} />}{" "}
        {systemText(message, visitor, t)} · <Time at={message.at} />
      </div>
    );
  }
  const internal = message.audience === "agents";
  const { author } = message;
  const side = internal ? "internal" : author.kind === "visitor" ? "visitor" : "agent";
  const seen = message.visitor_sequence !== null && message.visitor_sequence <= seenUpTo;
  return (
    <article
      className={classes.message}
      data-side={side}
      data-testid="message"
      data-kind={message.kind}
      data-sequence={message.sequence}
    >
      {internal && <InternalMark name={author.name} />}
      {!internal && <span className={classes.spoken}>{author.name}: </span>}
      {message.reply_to && <Quote message={message} sequence={message.reply_to.sequence} />}
      {message.deleted_at ? <em className={classes.deleted}>{t("message.deleted")}</em> : <Content message={message} />}
      <span className={classes.meta}>
        {message.edited_at && !message.deleted_at && <span>{t("message.edited")}</span>}
        <Time at={message.at} />
        {side === "agent" && (
          <span title={seen ? t("conversation.seen") : t("conversation.sent")} data-seen={seen || undefined}>
            {seen ? <IconChecks size={13} aria-hidden /> : <IconCheck size={13} aria-hidden />}
            <span className={classes.spoken}>{seen ? t("conversation.seen") : t("conversation.sent")}</span>
          </span>
        )}
      </span>
      <Reactions message={message} />
      <MenuButton {...props} />
    </article>
  );
});

interface MessageLineProps {
  message: Message;
  /** The visitor's name. */
  visitor: string;
  /** The conversation goes on. */
  active: boolean;
  seenUpTo: number;
  /** The one of all messages that the Tab key comes to; the arrow keys go on from there. */
  reachable: boolean;
  onIntent: (intent: Intent) => void;
}

/** Opens what can be done with the message. One Tab stop for all of them: the arrow keys go from one to the next. */
function MenuButton({ message, visitor, active, reachable, onIntent }: MessageLineProps) {
  const { t } = useTranslation();
  if (!active && !message.edited_at && !message.deleted_at) return null;
  return (
    <Opener
      button={(props) => (
        <ActionIcon
          {...props}
          className={classes.menu}
          size="sm"
          data-message-menu
          tabIndex={reachable ? 0 : -1}
          aria-label={t("message.menu")}
          aria-haspopup="menu"
        >
          <IconDots size={14} />
        </ActionIcon>
      )}
    >
      {(close) => (
        <MessageMenu message={message} visitor={visitor} active={active} onIntent={onIntent} onClose={close} />
      )}
    </Opener>
  );
}

/** A message on its way: waiting, being sent, or refused with the reason. */
export function PendingLine({ pending }: { pending: Pending }) {
  const { t } = useTranslation();
  const { outbox } = useServices();
  const internal = pending.audience === "agents";
  const failed = pending.state === "failed";
  const percent = Math.round(pending.progress * 100);
  const state = {
    queued: t("conversation.sending"),
    sending: pending.file ? t("conversation.upload", { name: pending.file.name, percent }) : t("conversation.sending"),
    waiting: t("conversation.waiting_connection"),
    failed: t("conversation.failed", { reason: pending.problem ? refusalText(pending, t) : "" }),
  }[pending.state];
  return (
    <article
      className={classes.message}
      data-side={internal ? "internal" : "agent"}
      data-pending={pending.state}
      data-testid="message"
      data-kind={pending.file ? "file" : "text"}
    >
      {pending.file ? (
        <span className={classes.file}>
          <IconFile size={16} aria-hidden /> {pending.file.name}
        </span>
      ) : (
        <Text text={pending.text} />
      )}
      <span className={classes.meta} role={failed ? "alert" : undefined} title={state}>
        {failed ? <IconAlertCircle size={13} aria-hidden /> : <IconClock size={13} aria-hidden />}
        <span className={failed || pending.file || pending.state === "waiting" ? undefined : classes.spoken}>
          {state}
        </span>
      </span>
      {failed && (
        <span className={classes.again}>
          <Button variant="subtle" size="compact-xs" onClick={() => outbox.resend(pending.client_id)}>
            {t("conversation.resend")}
          </Button>
          <Button variant="subtle" size="compact-xs" color="red" onClick={() => outbox.discard(pending.client_id)}>
            {t("conversation.discard")}
          </Button>
        </span>
      )}
    </article>
  );
}

function refusalText(pending: Pending, t: TFunction<"panel">): string {
  const field = pending.problem?.fields[0];
  return field?.detail ?? explain(pending.problem, t);
}

function InternalMark({ name }: { name: string }) {
  const { t } = useTranslation();
  return (
    <span className={classes.mark}>
      <IconLock size={12} aria-hidden /> {t("conversation.internal_label")} · <b>{name}</b>
    </span>
  );
}

function Content({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { file } = message;
  if (!file) return <Text text={message.text} />;
  const size = formatBytes(file.size, currentLocale());
  return (
    <>
      <a
        className={classes.file}
        href={file.url}
        download={file.name}
        title={t("conversation.download", { name: file.name, size })}
      >
        {previewable.has(file.content_type) ? (
          <img className={classes.preview} src={file.url} alt={file.name} loading="lazy" />
        ) : (
          <IconFile size={16} aria-hidden />
        )}
        <span className={classes.fileName}>{file.name}</span> <small>{size}</small>
      </a>
      {message.text && <Text text={message.text} />}
    </>
  );
}

/** Text as written, its links ready to be followed. */
function Text({ text }: { text: string }) {
  return (
    <span className={classes.text}>
      <Linked text={text} />
    </span>
  );
}

function Time({ at }: { at: number }) {
  const locale = currentLocale();
  return (
    <time dateTime={new Date(at).toISOString()} title={formatMoment(at, locale)}>
      {formatTime(at, locale)}
    </time>
  );
}

/** System messages travel as a key and parameters; here they get the reader's words. */
export function systemText(message: Message, visitor: string, t: TFunction<"panel">): string {
  const params = message.system?.params ?? {};
  const text = (name: string) => (typeof params[name] === "string" ? params[name] : "");
  switch (message.system?.key) {
    case "queued":
      return t("conversation.system.queued", { name: visitor });
    case "joined":
      return t("conversation.system.joined", { name: text("agent") });
    case "returned":
      return t("conversation.system.returned");
    case "abandoned":
      return t("conversation.system.abandoned");
    case "transferred":
    case "entered":
    case "left":
      return t(`conversation.system.${message.system.key}`, { name: text("agent") });
    case "requeued":
      return t("conversation.system.requeued", { name: text("department") });
    case "corrected":
      return t("conversation.system.corrected", { name: text("agent"), changes: corrections(text, t) });
    case "warned":
      return t("conversation.system.warned");
    case "ended": {
      const by = text("by");
      const reason = text("reason");
      if (reason === "inactivity" || reason === "blocked" || reason === "supervisor") {
        return t(`conversation.system.ended_${reason}`);
      }
      if (by === "agent" || by === "visitor" || by === "system") return t(`conversation.system.ended_by_${by}`);
      return t("conversation.system.ended");
    }
    default:
      return t("conversation.system.other");
  }
}

/** What an agent changed of the visitor's data: `old → new`, each behind its name. */
function corrections(text: (name: string) => string, t: TFunction<"panel">): string {
  const known = (["name", "email", "phone"] as const)
    .filter((name) => text(name) !== "")
    .map((name) => t(`conversation.system.corrected_${name}`, { change: text(name) }));
  return [...known, ...text("fields").split("\n").filter(Boolean)].join(" · ");
}
