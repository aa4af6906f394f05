import { useState } from "preact/hooks";
import { isOpen } from "../progress";
import type { Session } from "../session";
import type { Sound } from "../sound";
import type { View } from "../view";
import { say } from "../words/catalogue";
import { Icon } from "./icons";

interface HeaderProps {
  view: View;
  session: Session;
  sound: Sound;
  /** null where there is nothing to close. */
  close: (() => void) | null;
}

/** Who one talks to, and the buttons that concern the whole chat. */
export function Header({ view, session, sound, close }: HeaderProps) {
  const [asking, ask] = useState(false);
  const [loud, setLoud] = useState(sound.on);
  const { words, conversation, site } = view;
  const active = conversation?.state === "active";
  const open = conversation !== null && isOpen(conversation);
  const title = conversation?.agent?.name ?? (session.own("title") || site?.site.name || words.title);
  const photo = active && conversation.agent?.photo;
  return (
    <div class="top">
      <div class="head">
        <span class={`face${active ? " on" : ""}${photo ? " big" : ""}`} aria-hidden="true">
          {initials(title)}
          {photo && <Photo src={session.address(photo)} />}
        </span>
        <div class="who">
          <h2 id="title">{title}</h2>
          {conversation && (
            <p title={say(words, "number", { number: conversation.number })}>{conversation.department.name}</p>
          )}
        </div>
        {conversation && (
          <button
            type="button"
            class="bare"
            aria-label={loud ? words.sound_off : words.sound_on}
            title={loud ? words.sound_off : words.sound_on}
            onClick={() => {
              sound.on = !loud;
              setLoud(!loud);
            }}
          >
            <Icon name={loud ? "soundOn" : "soundOff"} />
          </button>
        )}
        {open && active && (
          <button type="button" class="small" aria-label={words.end} onClick={() => ask(true)}>
            {words.end_yes}
          </button>
        )}
        {close && (
          <button type="button" class="bare" aria-label={words.minimise} title={words.minimise} onClick={close}>
            <Icon name="close" />
          </button>
        )}
      </div>
      {asking && active && (
        <Confirm
          question={words.end_confirm}
          yes={words.end_yes}
          no={words.end_no}
          answer={(sure) => {
            ask(false);
            if (sure) void session.end();
          }}
        />
      )}
    </div>
  );
}

/** Of an agent, beside the name that says who it is. One that is gone leaves its place to the initials. */
export function Photo({ src, portrait }: { src: string; portrait?: boolean }) {
  return (
    <img
      key={src}
      class={portrait ? "portrait" : "photo"}
      src={src}
      alt=""
      loading="lazy"
      onError={({ currentTarget }) => {
        currentTarget.hidden = true;
      }}
    />
  );
}

/** A question inside the chat, answered by one of two buttons; Escape is no. */
export function Confirm({
  question,
  yes,
  no,
  answer,
}: {
  question: string;
  yes: string;
  no: string;
  answer(sure: boolean): void;
}) {
  return (
    <div
      class="confirm"
      role="alertdialog"
      aria-labelledby="question"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        answer(false);
      }}
    >
      <p id="question">{question}</p>
      <button type="button" class="danger" ref={focus} onClick={() => answer(true)}>
        {yes}
      </button>
      <button type="button" onClick={() => answer(false)}>
        {no}
      </button>
    </div>
  );
}

function focus(element: HTMLElement | null): void {
  element?.focus({ preventScroll: true });
}

function initials(name: string): string {
  const parts = name.trim().split(/\s+/);
  return [parts[0], parts.length > 1 ? parts[parts.length - 1] : ""]
    .map((part) => Array.from(part ?? "")[0] ?? "")
    .join("")
    .toUpperCase();
}
