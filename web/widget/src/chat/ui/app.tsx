import { useLayoutEffect, useReducer, useRef } from "preact/hooks";
import { isOpen } from "../progress";
import type { Session } from "../session";
import type { Sound } from "../sound";
import type { View } from "../view";
import { Contact } from "./contact";
import { Conversation } from "./conversation";
import { attended, Form } from "./form";
import { Header } from "./header";
import { Note } from "./note";

export interface AppProps {
  session: Session;
  sound: Sound;
  /** Closes the chat and gives the focus back to the launcher. */
  close(): void;
  /** Whether there is anything to close; true when it is not said. */
  closable?: boolean;
  /** Names what the visitor typed and has not sent; survives page changes. */
  draft: { get(): string; set(text: string): void };
}

/** The chat: a dialog beside the page, not before it. */
export function App({ session, sound, close, closable = true, draft }: AppProps) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  // Before the browser paints: a change between the first drawing and the subscription would be missed.
  useLayoutEffect(() => session.subscribe(() => redraw(undefined)), [session]);
  const view = session.view;
  return (
    <>
      <Announcer view={view} />
      {view.open && (
        <Panel session={session} sound={sound} close={close} closable={closable} draft={draft} view={view} />
      )}
    </>
  );
}

function Panel({ session, sound, close, closable, draft, view }: AppProps & { view: View }) {
  const panel = useRef<HTMLElement>(null);
  const { words, stage, conversation } = view;

  const screen =
    stage === "talk"
      ? `${conversation?.id} ${conversation && isOpen(conversation)}`
      : `${stage} ${view.site && attended(session, view.site)}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the screen is the occasion
  useLayoutEffect(() => {
    if (panel.current) takeFocus(panel.current);
  }, [screen]);

  return (
    <section
      ref={panel}
      class="panel"
      role="dialog"
      aria-modal="false"
      aria-labelledby="title"
      lang={view.language}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <Header view={view} session={session} sound={sound} close={closable ? close : null} />
      <LinkState view={view} />
      {stage === "loading" && <p class="center dim">{view.link === "open" ? words.loading : words.connecting}</p>}
      {stage === "failed" && (
        <Note title={words.failed}>
          <button type="button" class="primary" data-first onClick={() => session.refresh()}>
            {words.again}
          </button>
        </Note>
      )}
      {(stage === "form" || stage === "contact") && <Said view={view} />}
      {stage === "form" && view.site && <Form view={view} site={view.site} session={session} />}
      {stage === "contact" && view.site && <Contact view={view} site={view.site} session={session} />}
      {stage === "talk" && conversation && (
        <Conversation key={conversation.id} view={view} conversation={conversation} session={session} draft={draft} />
      )}
    </section>
  );
}

/**
 * Gives the focus to the first thing to do when the screen became another one. Never takes it from the page: not after a reload, when
 * the visitor has done nothing yet, and not while the visitor is busy elsewhere.
 */
function takeFocus(panel: HTMLElement): void {
  const outer = document.activeElement;
  const inner = (panel.getRootNode() as ShadowRoot).activeElement;
  const elsewhere = outer !== null && outer !== document.body && outer.localName !== "aceno-chat";
  if (elsewhere || (inner && inner !== panel) || navigator.userActivation?.hasBeenActive === false) return;
  (panel.querySelector<HTMLElement>("[data-first]") ?? panel).focus({ preventScroll: true });
}

/** What the visitor was told on the page, so that it is not gone with the card. */
function Said({ view: { said } }: { view: View }) {
  const [name, title, text] = said ?? [];
  return (
    <div role="status">
      {said && (
        <div class="message said">
          {name && <div class="author">{name}</div>}
          <div class="bubble">
            {title && <b>{title}</b>}
            {title && text && <br />}
            {text}
          </div>
        </div>
      )}
    </div>
  );
}

/** Says when the connection is away. It waits a moment in its style: short breaks are nobody's business. */
function LinkState({ view }: { view: View }) {
  if (view.link === "refused")
    return (
      <p class="banner bad" role="alert">
        {view.words.refused}
      </p>
    );
  if (view.link !== "lost") return null;
  return (
    <p class="banner slow" role="status">
      {view.words.reconnecting}
    </p>
  );
}

/** Tells a screen reader about messages while the chat is closed; open, the log does it. */
function Announcer({ view }: { view: View }) {
  const last = view.messages[view.messages.length - 1];
  return (
    <div class="unseen" role="status" lang={view.language}>
      {!view.open && view.unread > 0 && last?.author.kind === "agent"
        ? `${last.author.name}: ${last.text || last.file?.name || ""}`
        : ""}
    </div>
  );
}
