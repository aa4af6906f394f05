import { ActionIcon, Button, Loader } from "@mantine/core";
import { IconArrowDown, IconArrowLeft } from "@tabler/icons-react";
import { Fragment, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { useAccount, useServerNow } from "@/app/services.tsx";
import { Avatar } from "@/shared/avatar.tsx";
import { formatDay, startOfDay } from "@/shared/format.ts";
import classes from "./team.module.css";
import { TeamComposer } from "./team-composer.tsx";
import { OutgoingLine, TeamLine } from "./team-line.tsx";
import { useRoomHead, useTeam, useTeamStore } from "./use-team.ts";

/** Nearer to the end than this counts as reading the newest. */
const nearEnd = 40;

/** One room: who it is with, what was said, and the typing field. */
export function RoomView({ room, onBack }: { room: string; onBack: () => void }) {
  const { t } = useTranslation("teamchat");
  const head = useRoomHead(room);
  const agent = useAccount((state) => state.agents[room]);
  return (
    <div className={classes.conversation} data-pane>
      <header className={classes.with}>
        <ActionIcon className={classes.back} aria-label={t("back")} onClick={onBack}>
          <IconArrowLeft size={16} />
        </ActionIcon>
        {agent && <Avatar name={agent.name} size={24} status={agent.present ? agent.status : "offline"} />}
        <h3>{head.department ? `# ${head.name}` : head.name}</h3>
        <span className={classes.dim}>
          {agent
            ? t(`status.${agent.present ? agent.status : agent.status === "offline" ? "offline" : "absent"}`)
            : t("members", { count: head.count })}
        </span>
      </header>
      <Lines room={room} name={head.name} />
      {head.closed ? <p className={classes.closed}>{t("inactive")}</p> : <TeamComposer room={room} head={head} />}
    </div>
  );
}

function Lines({ room, name }: { room: string; name: string }) {
  const { t } = useTranslation("teamchat");
  const store = useTeamStore();
  const { threads, outgoing, rooms } = useTeam();
  const me = useAccount((state) => state.me.agent.id);
  const thread = threads[room];
  const messages = thread?.messages ?? [];
  const mine = useMemo(() => outgoing.filter((item) => item.room === room), [outgoing, room]);
  const known = rooms?.[room];
  /** The line "unread" stays where it was when the room was opened. */
  const [readBefore] = useState(known ? known.read_sequence : Number.POSITIVE_INFINITY);
  const { scroller, atEnd, onScroll, toEnd } = useEnd(
    messages[0]?.id,
    `${messages.at(-1)?.id} ${mine.at(-1)?.client_id}`,
  );
  useWatching(room, atEnd && messages.length > 0);

  return (
    <div className={classes.frame}>
      <div
        ref={scroller}
        className={classes.list}
        role="log"
        aria-live="polite"
        aria-label={t("messages", { name })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        onScroll={() => {
          onScroll();
          if ((scroller.current?.scrollTop ?? 99) < 40) store.older(room);
        }}
      >
        <div className={classes.lines}>
          <div className={classes.top}>
            {thread?.loading && <Loader size="xs" />}
            {thread?.more && !thread.loading && (
              <Button variant="subtle" size="compact-xs" onClick={() => store.older(room)}>
                {t("older")}
              </Button>
            )}
            {thread?.failed && (
              <span role="alert">
                {t("loading_failed")}{" "}
                <Button variant="subtle" size="compact-xs" onClick={() => store.retry(room)}>
                  {t("common.retry", { ns: "panel" })}
                </Button>
              </span>
            )}
            {thread && !thread.loading && !thread.failed && messages.length === 0 && mine.length === 0 && (
              <p className={classes.dim}>{t("empty")}</p>
            )}
          </div>
          {messages.map((message, index) => {
            const before = messages[index - 1];
            const newDay = !before || startOfDay(before.at) !== startOfDay(message.at);
            const firstNew =
              message.sequence > readBefore && (before?.sequence ?? 0) <= readBefore && message.author_id !== me;
            return (
              <Fragment key={message.client_id + message.author_id}>
                {newDay && <Day at={message.at} />}
                {firstNew && <div className={classes.fresh}>{t("new")}</div>}
                <TeamLine
                  message={message}
                  mine={message.author_id === me}
                  named={known?.department_id != null && (newDay || before?.author_id !== message.author_id)}
                  seen={known?.department_id == null && message.sequence <= (known?.seen_sequence ?? 0)}
                />
              </Fragment>
            );
          })}
          {mine.map((item) => (
            <OutgoingLine key={item.client_id} item={item} />
          ))}
        </div>
      </div>
      {!atEnd && (
        <button type="button" className={classes.pill} onClick={toEnd}>
          <IconArrowDown size={13} aria-hidden /> {t("more_below")}
        </button>
      )}
    </div>
  );
}

/** Keeps who reads the end at the end, and everybody else's place when older lines come in above. */
function useEnd(first: string | undefined, last: string) {
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const following = useRef(true);
  const before = useRef({ first, height: 0 });
  const toEnd = useCallback(() => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
    following.current = true;
    setAtEnd(true);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line, above or below, is what moves
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    if (following.current) box.scrollTop = box.scrollHeight;
    else if (before.current.first !== first) box.scrollTop += box.scrollHeight - before.current.height;
    before.current = { first, height: box.scrollHeight };
  }, [first, last]);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const observer = new ResizeObserver(() => {
      if (following.current) box.scrollTop = box.scrollHeight;
    });
    observer.observe(box);
    if (box.firstElementChild) observer.observe(box.firstElementChild);
    return () => observer.disconnect();
  }, []);
  const onScroll = () => {
    const box = scroller.current;
    if (!box) return;
    following.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd;
    setAtEnd(following.current);
  };
  return { scroller, atEnd, onScroll, toEnd };
}

/** Read is only what is really before the agent's eyes. */
function useWatching(room: string, atEnd: boolean): void {
  const store = useTeamStore();
  useEffect(() => {
    const check = () => store.watch(room, atEnd && !document.hidden && document.hasFocus());
    check();
    window.addEventListener("focus", check);
    window.addEventListener("blur", check);
    document.addEventListener("visibilitychange", check);
    return () => {
      window.removeEventListener("focus", check);
      window.removeEventListener("blur", check);
      document.removeEventListener("visibilitychange", check);
      store.watch(room, false);
    };
  }, [store, room, atEnd]);
}

function Day({ at }: { at: number }) {
  const { t } = useTranslation("teamchat");
  const now = useServerNow();
  return (
    <div className={classes.day}>
      {formatDay(at, now, currentLocale(), { today: t("today"), yesterday: t("yesterday") })}
    </div>
  );
}
