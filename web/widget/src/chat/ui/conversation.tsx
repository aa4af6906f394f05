import { useState } from "preact/hooks";
import type { VisitorConversation } from "../../protocol";
import { isOpen } from "../progress";
import type { Session } from "../session";
import type { View } from "../view";
import { say, type Words } from "../words/catalogue";
import type { AppProps } from "./app";
import { Composer } from "./composer";
import { Confirm } from "./header";
import { Icon } from "./icons";
import { Log } from "./log";
import { Survey } from "./survey";

export interface ConversationProps {
  view: View;
  conversation: VisitorConversation;
  session: Session;
  draft: AppProps["draft"];
}

/** The talk: the place in the queue while waiting, the messages, the typing field, and the end. */
export function Conversation({ view, conversation, session, draft }: ConversationProps) {
  const [over, setOver] = useState(false);
  const { words } = view;
  const open = isOpen(conversation);

  function dropped(event: DragEvent): void {
    setOver(false);
    if (!open || !event.dataTransfer?.files.length) return;
    event.preventDefault();
    session.attach(event.dataTransfer.files);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is an extra, the button does the same
    <div
      class="talk"
      onDragOver={(event) => {
        if (!open || !event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={dropped}
    >
      {conversation.state === "waiting" && <Waiting view={view} conversation={conversation} session={session} />}
      <Log view={view} conversation={conversation} session={session} />
      {view.notice && (
        <p class="banner bad" role="alert">
          <span>{view.notice}</span>
        </p>
      )}
      {open ? (
        <Composer view={view} session={session} draft={draft} />
      ) : (
        <Ended view={view} conversation={conversation} session={session} />
      )}
      {over && (
        <div class="drop" aria-hidden="true">
          {words.drop}
        </div>
      )}
    </div>
  );
}

type Part = Omit<ConversationProps, "draft">;

function Waiting({ view, conversation, session }: Part) {
  const [asking, ask] = useState(false);
  const { words } = view;
  const { position, estimate, contact_offered: long } = conversation;
  return (
    <div class="waiting">
      <div class="place">
        <span class="number" aria-hidden="true">
          {position ?? <Icon name="clock" />}
        </span>
        <div>
          <div role="status">
            <h3>{position === 1 ? words.waiting_next : words.waiting_title}</h3>
            {position !== null && position > 1 && <small>{say(words, "waiting_position", { position })}</small>}
            {estimate && <p>{waitOf(estimate, words)}</p>}
            {long && <p>{words.waiting_long}</p>}
          </div>
          {!long && <p>{words.waiting_text}</p>}
        </div>
      </div>
      {asking ? (
        <Confirm
          question={words.leave_confirm}
          yes={words.leave}
          no={words.stay}
          answer={(sure) => {
            ask(false);
            if (sure) void session.end();
          }}
        />
      ) : (
        <div class="links">
          <button type="button" class="link" onClick={() => ask(true)}>
            {words.leave}
          </button>
          <button type="button" class={long ? "primary" : "link"} onClick={() => session.leaveInstead()}>
            {words.leave_message}
          </button>
        </div>
      )}
    </div>
  );
}

/** A wait as an interval of minutes. */
function waitOf({ low_seconds, high_seconds }: NonNullable<VisitorConversation["estimate"]>, words: Words): string {
  const most = Math.ceil(high_seconds / 60);
  const least = Math.max(1, Math.floor(low_seconds / 60));
  if (most <= 1) return words.waiting_moment;
  return say(words, "waiting_minutes", { minutes: least < most ? `${least}–${most}` : most });
}

function Ended({ view, conversation, session }: Part) {
  const { words } = view;
  return (
    <div class="ended">
      <h3>{conversation.state === "abandoned" ? words.abandoned_title : words.ended_title}</h3>
      <p class="dim">{say(words, "number", { number: conversation.number })}</p>
      <Survey view={view} conversation={conversation} session={session} />
      <button type="button" class="primary" data-first onClick={() => session.restart()}>
        {words.restart}
      </button>
    </div>
  );
}
