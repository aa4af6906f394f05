import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { acceptAttribute } from "../files";
import type { Session } from "../session";
import { countCharacters, showSize } from "../text";
import type { View } from "../view";
import { say, tags } from "../words/catalogue";
import type { AppProps } from "./app";
import { Icon } from "./icons";

/** How close to the limit the count appears. */
const countFrom = 500;
const tallest = 140;

/** The typing field: Enter sends, Shift+Enter makes a line; files by button or paste. */
export function Composer({ view, session, draft }: { view: View; session: Session; draft: AppProps["draft"] }) {
  const [text, setText] = useState(draft.get);
  const field = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const { words, site } = view;
  const limit = site?.limits.text ?? 0;
  const count = limit && text.length > limit - countFrom ? countCharacters(text) : 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(tallest, element.scrollHeight)}px`;
  }, [text]);
  useEffect(() => () => session.typed(""), [session]);

  function change(value: string): void {
    setText(value);
    draft.set(value);
    session.typed(value);
  }

  function send(): void {
    if (session.say(text)) change("");
    field.current?.focus();
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <input
        ref={chooser}
        type="file"
        hidden
        multiple
        tabIndex={-1}
        accept={site ? acceptAttribute(site.limits) : undefined}
        onChange={(event) => {
          session.attach(Array.from(event.currentTarget.files ?? []));
          event.currentTarget.value = "";
        }}
      />
      <Attach
        words={words}
        size={showSize(site?.limits.file_bytes ?? 0, tags[view.language])}
        click={() => chooser.current?.click()}
      />
      <textarea
        ref={field}
        rows={1}
        value={text}
        aria-label={words.write}
        placeholder={words.write}
        enterkeyhint="send"
        data-first
        onInput={(event) => change(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
        onPaste={(event) => {
          const files = Array.from(event.clipboardData?.files ?? []);
          if (!files.length) return;
          event.preventDefault();
          session.attach(files);
        }}
      />
      <button type="submit" class="bare send" aria-label={words.send} title={words.send} disabled={!text.trim()}>
        <Icon name="send" />
      </button>
      {count > 0 && (
        <p class={count > limit ? "count error" : "count dim"} role="status">
          {say(words, "characters", { count, limit })}
        </p>
      )}
    </form>
  );
}

function Attach({ words, size, click }: { words: View["words"]; size: string; click(): void }) {
  const label = say(words, "attach", { size });
  return (
    <button type="button" class="bare" aria-label={label} title={label} onClick={click}>
      <Icon name="attach" />
    </button>
  );
}
