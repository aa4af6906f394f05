import type { TeamMessage } from "@aceno/contract";
import { Button } from "@mantine/core";
import { IconAlertCircle, IconCheck, IconChecks, IconClock, IconFile } from "@tabler/icons-react";
import { memo, useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount } from "@/app/services.tsx";
import { explain } from "@/shared/explain.ts";
import { formatBytes, formatMoment, formatTime } from "@/shared/format.ts";
import { Linked } from "@/shared/linked.tsx";
import { type Person, splitMentions } from "./mentions.ts";
import classes from "./team.module.css";
import type { Outgoing } from "./team-state.ts";
import { useTeamStore } from "./use-team.ts";

const previewable = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

interface TeamLineProps {
  message: TeamMessage;
  mine: boolean;
  /** With the author's name above. */
  named: boolean;
  /** The other has read it; only in a room of two. */
  seen: boolean;
}

/** What somebody said: others at the left, mine at the right. */
export const TeamLine = memo(function TeamLine({ message, mine, named, seen }: TeamLineProps) {
  const { t } = useTranslation("teamchat");
  const locale = currentLocale();
  return (
    <article className={classes.message} data-mine={mine || undefined} data-sequence={message.sequence}>
      {named && !mine && <b className={classes.author}>{message.author_name}</b>}
      {!named && <span className={classes.spoken}>{message.author_name}: </span>}
      {message.file ? <SentFile file={message.file} /> : <Words text={message.text} mentions={message.mentions} />}
      <span className={classes.meta}>
        <time dateTime={new Date(message.at).toISOString()} title={formatMoment(message.at, locale)}>
          {formatTime(message.at, locale)}
        </time>
        {mine && (
          <span title={seen ? t("seen") : t("sent")} data-seen={seen || undefined}>
            {seen ? <IconChecks size={13} aria-hidden /> : <IconCheck size={13} aria-hidden />}
            <span className={classes.spoken}>{seen ? t("seen") : t("sent")}</span>
          </span>
        )}
      </span>
    </article>
  );
});

function SentFile({ file }: { file: NonNullable<TeamMessage["file"]> }) {
  const { t } = useTranslation("teamchat");
  return (
    <a className={classes.file} href={file.url} download={file.name} title={t("download", { name: file.name })}>
      {previewable.has(file.content_type) ? (
        <img className={classes.preview} src={file.url} alt={file.name} loading="lazy" />
      ) : (
        <IconFile size={16} aria-hidden />
      )}
      <span>{file.name}</span> <small>{formatBytes(file.size, currentLocale())}</small>
    </a>
  );
}

/** Text as written: addresses are links, and who is called stands out. */
function Words({ text, mentions }: { text: string; mentions: readonly string[] }) {
  const agents = useAccount((state) => state.agents);
  const me = useAccount((state) => state.me.agent.id);
  const people = useMemo(
    () => mentions.map((id): Person => ({ id, name: agents[id]?.name ?? "" })).filter(({ name }) => name !== ""),
    [mentions, agents],
  );
  const called = useCallback(
    (plain: string) =>
      splitMentions(plain, people).map((piece, at) =>
        piece.person ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
          <mark key={at} className={classes.called} data-me={piece.person.id === me || undefined}>
            {piece.text}
          </mark>
        ) : (
          piece.text
        ),
      ),
    [people, me],
  );
  return (
    <span className={classes.text}>
      <Linked text={text} plain={called} />
    </span>
  );
}

/** A message on its way, or refused with the reason. */
export function OutgoingLine({ item }: { item: Outgoing }) {
  const { t } = useTranslation("teamchat");
  const { t: panel } = useTranslation();
  const store = useTeamStore();
  const failed = item.state === "failed";
  const percent = Math.round(item.progress * 100);
  const state = {
    sending: item.file ? t("uploading", { name: item.file.name, percent }) : t("sending"),
    waiting: t("waiting"),
    failed: t("failed", { reason: item.problem?.fields[0]?.detail ?? explain(item.problem, panel) }),
  }[item.state];
  return (
    <article className={classes.message} data-mine data-pending={item.state}>
      {item.file ? (
        <span className={classes.file}>
          <IconFile size={16} aria-hidden /> {item.file.name}
        </span>
      ) : (
        <span className={classes.text}>{item.text}</span>
      )}
      <span className={classes.meta} role={failed ? "alert" : undefined} title={state}>
        {failed ? <IconAlertCircle size={13} aria-hidden /> : <IconClock size={13} aria-hidden />}
        <span className={item.state === "sending" && !item.file ? classes.spoken : undefined}>{state}</span>
      </span>
      {failed && (
        <span className={classes.again}>
          <Button variant="subtle" size="compact-xs" onClick={() => store.resend(item.client_id)}>
            {t("resend")}
          </Button>
          <Button variant="subtle" size="compact-xs" color="red" onClick={() => store.discard(item.client_id)}>
            {t("discard")}
          </Button>
        </span>
      )}
    </article>
  );
}
