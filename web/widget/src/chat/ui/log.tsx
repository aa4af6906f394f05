import { splitLinks } from "@aceno/contract/links";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { VisitorConversation, VisitorMessage } from "../../protocol";
import type { Pending } from "../outbox";
import type { Session } from "../session";
import { showSize } from "../text";
import type { View } from "../view";
import { say, tags, type Words } from "../words/catalogue";
import { Photo } from "./header";
import { Icon } from "./icons";

/** So near to the end, in pixels, new messages keep the view at the end. */
const nearEnd = 80;

/** The messages by day, then those on their way, then who is typing. */
export function Log({
  view,
  conversation,
  session,
}: {
  view: View;
  conversation: VisitorConversation;
  session: Session;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [behind, setBehind] = useState(false);
  const stick = useRef(true);
  const { messages, pending, words, typing } = view;
  const lastOwn = messages.reduce((last, message) => (message.author.kind === "visitor" ? message.sequence : last), 0);

  const portrait = conversation.agent?.portrait;
  const sending = useRef(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is new is the occasion
  useLayoutEffect(() => {
    const wrote = pending.length > sending.current;
    sending.current = pending.length;
    if (stick.current || wrote) scrollToEnd(box.current);
    else setBehind(true);
  }, [messages, pending, typing]);
  // What stands around the log comes and goes; the newest message stays in view.
  useLayoutEffect(() => {
    if (!box.current || !window.ResizeObserver) return;
    const observer = new ResizeObserver(() => {
      if (stick.current) scrollToEnd(box.current);
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);

  return (
    <div class="scroll">
      <div
        ref={box}
        class="log"
        role="log"
        aria-label={words.log}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={({ currentTarget }) => {
          stick.current = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < nearEnd;
          if (stick.current) setBehind(false);
        }}
      >
        {portrait && <Photo portrait src={session.address(portrait)} />}
        {messages.map((message, i) => (
          <Message
            key={message.sequence}
            message={message}
            before={messages[i - 1]}
            view={view}
            mark={
              message.sequence === lastOwn
                ? message.sequence <= conversation.agent_seen_sequence
                  ? "seen"
                  : "sent"
                : null
            }
            session={session}
          />
        ))}
        {pending.map((item) => (
          <OnItsWay key={item.client_id} item={item} words={words} session={session} tag={tags[view.language]} />
        ))}
        {typing && <p class="typing">{say(words, "typing", { name: typing })}</p>}
      </div>
      {behind && (
        <button type="button" class="newer" onClick={() => scrollToEnd(box.current)}>
          <Icon name="down" /> {words.new_messages}
        </button>
      )}
    </div>
  );
}

function scrollToEnd(box: HTMLElement | null): void {
  if (box) box.scrollTop = box.scrollHeight;
}

interface MessageProps {
  message: VisitorMessage;
  before: VisitorMessage | undefined;
  view: View;
  mark: "seen" | "sent" | null;
  session: Session;
}

function Message({ message, before, view, mark, session }: MessageProps) {
  const { words, messages } = view;
  const tag = tags[view.language];
  const day = before && sameDay(before.at, message.at) ? null : <p class="day">{showDay(message.at, words, tag)}</p>;
  if (message.system) {
    const text = systemText(message.system, view);
    return (
      <>
        {day}
        {text && <p class="system">{text}</p>}
      </>
    );
  }
  const own = message.author.kind === "visitor";
  const follows =
    !day &&
    before &&
    !before.system &&
    before.author.kind === message.author.kind &&
    before.author.name === message.author.name;
  const author = own ? words.you : message.author.name || words.agent;
  return (
    <>
      {day}
      <article class={own ? "message own" : "message"}>
        <p class={own || follows ? "unseen" : "author"}>{author}</p>
        <div class="bubble">
          {message.reply_to && <Quote quoted={messages[message.reply_to - 1]} words={words} />}
          {message.deleted ? (
            <p class="text dim">{words.deleted}</p>
          ) : message.file ? (
            <FileCard file={message.file} href={session.address(message.file.url)} words={words} tag={tag} />
          ) : (
            <Text text={message.text} />
          )}
          <Foot>
            {message.edited && !message.deleted && words.edited}
            <time dateTime={new Date(message.at).toISOString()} title={new Date(message.at).toLocaleString(tag)}>
              {showTime(message.at, tag)}
            </time>
            {mark && (
              <span class={mark} role="img" aria-label={words[mark]} title={words[mark]}>
                <Icon name={mark === "seen" ? "ticks" : "tick"} />
              </span>
            )}
          </Foot>
        </div>
        {!message.deleted && <Reactions message={message} view={view} session={session} />}
      </article>
    </>
  );
}

/** What a message answers, in one line. */
function Quote({ quoted, words }: { quoted: VisitorMessage | undefined; words: Words }) {
  if (!quoted) return null;
  const { author, deleted, file, text } = quoted;
  return (
    <blockquote>
      <b>{author.kind === "visitor" ? words.you : author.name || words.agent}</b>{" "}
      {deleted ? words.deleted : (file?.name ?? text)}
    </blockquote>
  );
}

const emojis = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** What both sides felt about a message; the visitor may set a sign on what the agent wrote. */
function Reactions({ message, view, session }: { message: VisitorMessage; view: View; session: Session }) {
  const [choosing, choose] = useState(false);
  const { words, conversation } = view;
  const { reactions = [], author, sequence } = message;
  const mine = reactions.find(({ by }) => by === "visitor")?.emoji;
  const may = author.kind === "agent" && conversation?.state === "active";
  const set = (emoji: string) => {
    choose(false);
    void session.react(sequence, emoji === mine ? "" : emoji);
  };
  return (
    <p class="reactions">
      {reactions.map(({ emoji, by }) => (
        <span key={by + emoji} role="img" aria-label={`${by === "visitor" ? words.you : words.agent}: ${emoji}`}>
          {emoji}
        </span>
      ))}
      {may &&
        (choosing ? (
          emojis.map((emoji) => (
            <button key={emoji} type="button" aria-pressed={emoji === mine} onClick={() => set(emoji)}>
              {emoji}
            </button>
          ))
        ) : (
          <button type="button" class="react" aria-label={words.react} title={words.react} onClick={() => choose(true)}>
            ☺
          </button>
        ))}
    </p>
  );
}

function OnItsWay({ item, words, session, tag }: { item: Pending; words: Words; session: Session; tag: string }) {
  return (
    <article class={item.failed === undefined ? "message own faint" : "message own failed"}>
      <p class="unseen">{words.you}</p>
      <div class="bubble">
        {item.file ? (
          <FileCard file={{ name: item.file.name, size: item.file.size }} words={words} tag={tag} />
        ) : (
          <Text text={item.text} />
        )}
        <Foot>{item.failed === undefined ? words.sending : `${words.failed_message}: ${item.failed}`}</Foot>
      </div>
      {item.failed !== undefined && (
        <p class="again">
          <button type="button" class="link" onClick={() => session.retry(item.client_id)}>
            {words.retry}
          </button>
          <button type="button" class="link" onClick={() => session.discard(item.client_id)}>
            {words.discard}
          </button>
        </p>
      )}
    </article>
  );
}

function Foot({ children }: { children: ComponentChildren }) {
  return <p class="foot">{children}</p>;
}

/** Addresses of the same site open in this tab, because the chat comes along; others open beside it. */
function Text({ text }: { text: string }) {
  const parts = useMemo(() => splitLinks(text), [text]);
  return (
    <p class="text">
      {parts.map((piece, i) =>
        piece.href ? (
          <a
            key={i}
            href={piece.href}
            rel="noopener noreferrer nofollow"
            target={new URL(piece.href).origin === location.origin ? undefined : "_blank"}
          >
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
}

function FileCard({
  file,
  href,
  words,
  tag,
}: {
  file: { name: string; size: number };
  href?: string;
  words: Words;
  tag: string;
}) {
  const inside = (
    <>
      <Icon name="file" />
      <span>
        <b>{file.name}</b>
        <small>{showSize(file.size, tag)}</small>
      </span>
    </>
  );
  if (!href) return <div class="file">{inside}</div>;
  return (
    <a
      class="file"
      href={href}
      download={file.name}
      rel="noopener noreferrer"
      target="_blank"
      aria-label={say(words, "download", { name: file.name })}
    >
      {inside}
    </a>
  );
}

/** System messages come as a key and parameters; one that this version does not know stays silent. */
function systemText(system: NonNullable<VisitorMessage["system"]>, { words, conversation }: View): string {
  const params = { agent: words.agent, number: conversation?.number, ...system.params };
  const by = system.params?.inactive ? "inactive" : system.params?.by;
  const keys = [`system_${system.key}_${String(by)}`, `system_${system.key}`];
  const key = keys.find((candidate) => Object.keys(words).includes(candidate));
  return key ? say(words, key as keyof Words, params) : "";
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

function showDay(at: number, words: Words, tag: string): string {
  const day = 86_400_000;
  if (sameDay(at, Date.now())) return words.today;
  if (sameDay(at, Date.now() - day)) return words.yesterday;
  return new Date(at).toLocaleDateString(tag, { weekday: "long", day: "numeric", month: "long" });
}

function showTime(at: number, tag: string): string {
  return new Date(at).toLocaleTimeString(tag, { hour: "2-digit", minute: "2-digit" });
}
