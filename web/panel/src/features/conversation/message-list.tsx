import type { Conversation } from "@aceno/contract";
import { Button, Loader } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount, usePending, useServerNow, useServices, useThread } from "@/app/services.tsx";
import { formatDay } from "@/shared/format.ts";
import type { Intent } from "./intent.ts";
import { toLines } from "./lines.ts";
import { MessageLine, PendingLine } from "./message-line.tsx";
import classes from "./messages.module.css";

/** Nearer to the end than this counts as reading the newest. */
const nearEnd = 48;
/** Nothing is asked for where messages are only read. */
const onlyRead = () => {};
/** A peek that is not renewed for this long has ended somewhere on the way. */
const peekFor = 30_000;

/** The messages: newest below, older ones on scrolling up, the place kept when lines come in above or below. */
export function MessageList({
  conversation,
  onIntent,
}: {
  conversation: Conversation;
  /** Left out where the messages are only read. */
  onIntent?: (intent: Intent) => void;
}) {
  const { t } = useTranslation();
  const { threads } = useServices();
  const { id } = conversation;
  const thread = useThread(id);
  const pending = usePending();
  const lines = useMemo(
    () =>
      toLines(
        thread.messages,
        pending.filter((item) => item.conversation_id === id),
      ),
    [thread.messages, pending, id],
  );
  const newest = thread.messages.findLast((message) => message.kind !== "system");
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const place = useRef({ height: 0, first: "", last: "" });
  const [missed, setMissed] = useState(0);
  const atEndNow = useRef(true);

  const toEnd = useCallback(() => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
    atEndNow.current = true;
    setAtEnd(true);
    setMissed(0);
  }, []);

  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const before = place.current;
    const first = lines.find((line) => line.kind === "message")?.key ?? "";
    const last = lines.at(-1);
    const grewAbove = before.first !== "" && first !== before.first && last?.key === before.last;
    if (grewAbove) box.scrollTop += box.scrollHeight - before.height;
    else if (last && last.key !== before.last) {
      const mine = last.kind === "pending";
      if (mine || atEndNow.current) toEnd();
      else if (last.kind === "message" && last.message.author.kind === "visitor") setMissed((count) => count + 1);
    } else if (atEndNow.current) box.scrollTop = box.scrollHeight;
    place.current = { height: box.scrollHeight, first, last: last?.key ?? "" };
  }, [lines, toEnd]);

  // The window changes its size, the typing field grows, a picture arrives: who reads the end goes on reading the end.
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const observer = new ResizeObserver(() => {
      if (atEndNow.current) box.scrollTop = box.scrollHeight;
    });
    observer.observe(box);
    if (box.firstElementChild) observer.observe(box.firstElementChild);
    return () => observer.disconnect();
  }, []);

  useSeen(conversation, atEnd);

  const onScroll = () => {
    const box = scroller.current;
    if (!box) return;
    const end = box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd;
    atEndNow.current = end;
    setAtEnd(end);
    if (end) setMissed(0);
    if (box.scrollTop < 60) threads.older(id);
  };

  return (
    <div className={classes.frame}>
      <div
        className={classes.list}
        ref={scroller}
        onScroll={onScroll}
        onKeyDown={betweenMenus}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={t("conversation.messages")}
      >
        <div className={classes.lines}>
          <div className={classes.top}>
            {thread.loading && <Loader size="xs" aria-label={t("common.loading")} />}
            {thread.loadingOlder && <span>{t("conversation.loading_older")}</span>}
            {thread.more && !thread.loadingOlder && (
              <Button variant="subtle" size="compact-xs" onClick={() => threads.older(id)}>
                {t("conversation.load_older")}
              </Button>
            )}
            {thread.failed && (
              <span role="alert">
                {t("conversation.messages_failed")}{" "}
                <Button variant="subtle" size="compact-xs" onClick={() => threads.retry(id)}>
                  {t("common.retry")}
                </Button>
              </span>
            )}
          </div>
          {lines.map((line) =>
            line.kind === "day" ? (
              <Day key={line.key} at={line.at} />
            ) : line.kind === "message" ? (
              <MessageLine
                key={line.key}
                message={line.message}
                visitor={conversation.visitor.name}
                active={onIntent !== undefined && conversation.state === "active"}
                seenUpTo={conversation.visitor_seen_sequence}
                reachable={line.message === newest}
                onIntent={onIntent ?? onlyRead}
              />
            ) : (
              <PendingLine key={line.key} pending={line.pending} />
            ),
          )}
          <Peek conversation={conversation} />
        </div>
      </div>
      {missed > 0 && !atEnd && (
        <button type="button" className={classes.pill} onClick={toEnd}>
          <IconArrowDown size={13} aria-hidden />
          {t("conversation.new_messages", { count: missed })}
        </button>
      )}
    </div>
  );
}

/** The arrow keys go from the menu of one message to that of the next. */
function betweenMenus(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-message-menu]")];
  const at = all.indexOf(event.target as HTMLElement);
  if (at === -1) return;
  event.preventDefault();
  all[at + (event.key === "ArrowUp" ? -1 : 1)]?.focus();
}

function Day({ at }: { at: number }) {
  const { t } = useTranslation();
  const now = useServerNow();
  const words = { today: t("conversation.today"), yesterday: t("conversation.yesterday") };
  return <div className={classes.day}>{formatDay(at, now, currentLocale(), words)}</div>;
}

/** What the visitor is typing right now (T123). Its place is kept free, so that nothing jumps. */
function Peek({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const now = useServerNow();
  const peek = useAccount((state) => state.typing[conversation.id]);
  const { live } = useServices();
  const fresh = peek && now - live.getView().clockOffset - peek.at < peekFor;
  const { name } = conversation.visitor;
  return (
    <div className={classes.peek} data-testid="peek">
      {conversation.state === "active" &&
        fresh &&
        peek.on &&
        (peek.text ? (
          <>
            {t("conversation.typing_text", { name })} <q>{peek.text}</q>
          </>
        ) : (
          t("conversation.typing", { name })
        ))}
    </div>
  );
}

/** Tells the server what was read: only when the newest message is really before the agent's eyes. */
function useSeen(conversation: Conversation, atEnd: boolean): void {
  const { live } = useServices();
  const { messages } = useThread(conversation.id);
  const told = useRef(0);
  const { id, agent_seen_sequence: seen, state } = conversation;
  const newest = messages.findLast((message) => message.author.kind === "visitor")?.visitor_sequence ?? 0;
  useEffect(() => {
    const check = () => {
      const looking = atEnd && !document.hidden && document.hasFocus();
      if (!looking || state !== "active" || newest <= Math.max(seen, told.current)) return;
      told.current = newest;
      live.seen(id, newest);
    };
    check();
    window.addEventListener("focus", check);
    document.addEventListener("visibilitychange", check);
    return () => {
      window.removeEventListener("focus", check);
      document.removeEventListener("visibilitychange", check);
    };
  }, [live, id, newest, seen, atEnd, state]);
}
